namespace HmsMesh.Sidecar.Tests.Cel;

internal static class CelTimeCases
{
    public const string Text = """
        # Timestamps
        timestamp('2026-11-23T08:30:00Z')  =>  2026-11-23T08:30:00Z
        timestamp('2026-11-23T08:30:00.123456789Z')  =>  2026-11-23T08:30:00.123456789Z
        timestamp('2026-11-23T08:30:00-05:00')  =>  2026-11-23T13:30:00Z
        timestamp(1234567890)  =>  2009-02-13T23:31:30Z
        timestamp(-1)  =>  1969-12-31T23:59:59Z
        timestamp('0001-01-01T00:00:00Z')  =>  0001-01-01T00:00:00Z
        timestamp('9999-12-31T23:59:59.999999999Z')  =>  9999-12-31T23:59:59.999999999Z
        timestamp('0000-12-31T00:00:00Z')  =>  error
        timestamp('10000-01-01T00:00:00Z')  =>  error
        timestamp('2026-02-30T00:00:00Z')  =>  error
        timestamp('2026-01-01')  =>  error
        timestamp('2026-01-01T00:00:00')  =>  error
        timestamp('2026-01-01T00:00:00.Z')  =>  error
        timestamp('2026-01-01T00:00:00+25:00')  =>  error
        timestamp(253402300800)  =>  error
        timestamp(timestamp(0))  =>  1970-01-01T00:00:00Z

        # Durations
        duration('1h30m')  =>  5400s
        duration('-1.5h')  =>  -5400s
        duration('1ms2us3ns')  =>  0.001002003s
        duration('0')  =>  0s
        duration('+2s')  =>  2s
        duration('1d')  =>  error
        duration('')  =>  error
        duration('5')  =>  error
        duration('1.2.3s')  =>  error
        duration('320000000000s')  =>  error
        duration('2562047h47m16.854775807s')  =>  9223372036.854775807s

        # Timestamp and duration arithmetic
        timestamp('2026-01-01T00:00:00Z') + duration('24h')  =>  2026-01-02T00:00:00Z
        duration('1ns') + timestamp('1969-12-31T23:59:59.999999999Z')  =>  1970-01-01T00:00:00Z
        timestamp('2026-01-01T00:00:00Z') - duration('1ns')  =>  2025-12-31T23:59:59.999999999Z
        timestamp('2026-01-10T12:00:00Z') - timestamp('2026-01-10T00:00:00Z')  =>  43200s
        duration('1m') + duration('1s')  =>  61s
        duration('1m') - duration('1s')  =>  59s
        timestamp('9999-12-31T23:59:59Z') + duration('1s')  =>  error
        timestamp('0001-01-01T00:00:00Z') - duration('1ns')  =>  error
        duration('200000000000s') + duration('200000000000s')  =>  error
        timestamp('9999-12-31T23:59:59Z') - timestamp('0001-01-01T00:00:00Z')  =>  error

        # Timestamp and duration getters
        timestamp('2026-11-23T08:30:15.678Z').getFullYear()  =>  2026
        timestamp('2026-11-23T08:30:15.678Z').getMonth()  =>  10
        timestamp('2026-11-23T08:30:15.678Z').getDate()  =>  23
        timestamp('2026-11-23T08:30:15.678Z').getDayOfMonth()  =>  22
        timestamp('2026-11-23T08:30:15.678Z').getDayOfWeek()  =>  1
        timestamp('2026-11-23T08:30:15.678Z').getDayOfYear()  =>  326
        timestamp('2026-11-23T08:30:15.678Z').getHours()  =>  8
        timestamp('2026-11-23T08:30:15.678Z').getMinutes()  =>  30
        timestamp('2026-11-23T08:30:15.678Z').getSeconds()  =>  15
        timestamp('2026-11-23T08:30:15.678Z').getMilliseconds()  =>  678
        timestamp('2026-11-23T01:00:00Z').getDate('-05:00')  =>  22
        timestamp('2026-11-23T08:30:00Z').getHours('05:30')  =>  14
        timestamp('2026-11-23T08:30:00Z').getMinutes('+05:30')  =>  0
        timestamp('2026-07-01T12:00:00Z').getHours('America/New_York')  =>  8
        timestamp('2026-01-01T12:00:00Z').getHours('America/New_York')  =>  7
        timestamp(0).getHours('UTC')  =>  0
        timestamp(0).getHours('Nowhere/Land')  =>  error
        timestamp(0).getHours('+5:00')  =>  error
        timestamp('0001-01-01T00:00:00Z').getDate('-01:00')  =>  error
        duration('10000s').getHours()  =>  2
        duration('3730s').getMinutes()  =>  62
        duration('3730s').getSeconds()  =>  3730
        duration('1.5s').getMilliseconds()  =>  1500
        dyn('x').getHours()  =>  error
        """;
}
