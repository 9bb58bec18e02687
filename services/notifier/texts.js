// What citizens read, in English and Spanish. No name is in it: the mesh knows a citizen by an opaque id alone.

export function denied({ explanation }) {
  return {
    en: `Your unemployment claim was denied. ${explanation?.en ?? 'The portal shows the rule that decided it.'}`,
    es: `Su solicitud de desempleo fue denegada. ${explanation?.es ?? 'El portal muestra la regla que lo decidió.'}`,
  };
}

export function paid({ amount }) {
  const dollars = amount.toFixed(2);
  return {
    en: `We sent you ${dollars} dollars. Your bank may take a day to show them.`,
    es: `Le enviamos ${dollars} dólares. Su banco puede tardar un día en mostrarlos.`,
  };
}
