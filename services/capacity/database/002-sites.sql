-- The two sites. Bed and resident counts are plausible, not official.
insert into facilities (id, name, threshold) values
  ('gulfport', 'AFRH-Gulfport', 20),
  ('washington', 'AFRH-Washington', 16);

insert into dormitories (id, facility, name, beds, residents) values
  ('gulfport-tower-a', 'gulfport', 'Tower A', 180, 168),
  ('gulfport-tower-b', 'gulfport', 'Tower B', 180, 172),
  ('gulfport-tower-c', 'gulfport', 'Tower C', 180, 170),
  ('gulfport-annex', 'gulfport', 'Annex', 44, 26),
  ('washington-scott-north', 'washington', 'Scott Building, north wing', 180, 168),
  ('washington-scott-south', 'washington', 'Scott Building, south wing', 180, 170),
  ('washington-sheridan', 'washington', 'Sheridan Building', 120, 112),
  ('washington-sheridan-east', 'washington', 'Sheridan Building, east wing', 40, 22);
