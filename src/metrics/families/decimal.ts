/** Numbers as text: integers in source units become decimal fractions digit by digit, so that no binary fraction adds noise. */

/** Power of ten between the source unit and the unit shown: 6 for microseconds, 9 for nano-US-dollars, 0 for neither. */
export type Scale = 0 | 6 | 9;

/** `value` / 10^`scale` as decimal text; exact for safe integers. Not finite: `+Inf`, `-Inf` or `NaN`. */
export function decimal(value: number, scale: Scale): string {
  if (!Number.isFinite(value)) return notFinite(value);
  if (scale === 0) return `${value}`;
  if (value < 0 || !Number.isSafeInteger(value)) return `${value / 10 ** scale}`;
  const unit = scale === 6 ? 1e6 : 1e9;
  const rest = value % unit;
  const whole = (value - rest) / unit;
  return rest === 0 ? `${whole}` : `${whole}.${fraction(rest, scale)}`;
}

function notFinite(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? '+Inf' : '-Inf';
}

function fraction(rest: number, scale: Scale): string {
  const digits = `${rest}`.padStart(scale, '0');
  let end = digits.length;
  while (digits.codePointAt(end - 1) === 0x30) end--;
  return digits.slice(0, end);
}
