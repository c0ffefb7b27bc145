// Owns: CSV as text (RFC 4180), with cells that no spreadsheet takes for a formula. Not: which columns an export has, or sending it.

/** What a cell may hold. Times are written in ISO 8601, null as an empty cell. */
export type CsvCell = string | number | bigint | boolean | Date | null;

/** First characters that make a spreadsheet compute a cell (OWASP, "CSV Injection"), the full-width forms included. */
const FORMULA_STARTS = new Set([...'=+-@\t\r\n', '＝', '＋', '－', '＠']);

/** Also `;` and tab: some spreadsheets split on them, and what comes after would be a cell of its own. */
const NEEDS_QUOTES = /[",;\t\r\n]/;

/** Lines are handed on in pieces of about this many characters: few writes, little memory. */
const PIECE_CHARACTERS = 64 * 1024;

/**
 * One line with its line break. A text that begins like a formula gets an apostrophe in front, which spreadsheets hide; numbers are written as they are, so
 * give numbers as numbers.
 */
export function csvLine(cells: readonly CsvCell[]): string {
  return `${cells.map(cellText).join(',')}\r\n`;
}

function cellText(cell: CsvCell): string {
  if (cell === null) return '';
  if (cell instanceof Date) return cell.toISOString();
  if (typeof cell !== 'string') return String(cell);
  const text = FORMULA_STARTS.has(cell.charAt(0)) ? `'${cell}` : cell;
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * A whole file, piece by piece: the header, then every row as it comes. Holds one piece at a time and asks for rows only as fast as pieces are taken, so a
 * million rows take no more memory than a thousand.
 */
export async function* csvFile(
  header: readonly string[],
  rows: AsyncIterable<readonly CsvCell[]>,
): AsyncGenerator<string, void, undefined> {
  let piece = csvLine(header);
  for await (const row of rows) {
    piece += csvLine(row);
    if (piece.length < PIECE_CHARACTERS) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}
