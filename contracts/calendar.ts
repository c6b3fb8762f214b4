const LOCAL = /^(\d{4})-(\d{2})-(\d{2})/u;

/** The calendar day a written local date begins with, only where it is a real one (no 30 February); no instant is guessed. */
export function calendarDay(written: string): string | undefined {
  const match = LOCAL.exec(written);
  if (!match) return undefined;
  const [day, year, month, date] = match.map(Number);
  if (day === undefined || year === undefined || month === undefined || date === undefined || year < 1) return undefined;
  const instant = new Date(0);
  instant.setUTCFullYear(year, month - 1, date);
  const real = instant.getUTCFullYear() === year && instant.getUTCMonth() === month - 1 && instant.getUTCDate() === date;
  return real ? match[0] : undefined;
}
