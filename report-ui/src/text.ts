// Formats of texts, numbers and dates.

const NUMBERS = new Intl.NumberFormat("en");
const DAYS = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
const HIDDEN = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

// A text with control and direction characters made visible, as on the command line.
export const shown = (text: string): string =>
  text.replace(HIDDEN, (one) => {
    const code = one.charCodeAt(0).toString(16);
    return code.length <= 2 ? `\\x${code.padStart(2, "0")}` : `\\u${code.padStart(4, "0")}`;
  });

export const count = (number: number): string => NUMBERS.format(number);

export const counted = (number: number, one: string, many = `${one}s`): string =>
  `${count(number)} ${number === 1 ? one : many}`;

export const rate = (number: number): string => {
  if (number >= 10) return count(Math.round(number));
  return number > 0 && number < 0.05 ? "<0.1" : number.toFixed(1);
};

export const percent = (share: number): string => {
  const whole = Math.round(share * 100);
  if (whole === 0 && share > 0) return "<1 %";
  if (whole === 100 && share < 1) return ">99 %";
  return `${whole} %`;
};

// "30 November 2026", for a date or time.
export const day = (text: string): string => {
  const found = Date.parse(text.length === 10 ? `${text}T00:00:00Z` : text);
  return Number.isNaN(found) ? text : DAYS.format(found);
};

const SHORT = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });

// "30 Nov", for seconds since 1970.
export const shortDay = (seconds: number): string => SHORT.format(seconds * 1000);

export const signed = (number: number): string => `${number > 0 ? "+" : "−"}${count(Math.abs(number))}`;

export const inObsidian = (vault: string, path: string): string =>
  `obsidian://open?vault=${encodeURIComponent(vault)}&file=${encodeURIComponent(path.replace(/\.md$/, ""))}`;

export const newInObsidian = (vault: string, name: string): string =>
  `obsidian://new?vault=${encodeURIComponent(vault)}&name=${encodeURIComponent(name)}`;

export const inEditor = (root: string, path: string, line: number, column: number): string => {
  const whole = `${root}/${path}`.split("/").map(encodeURIComponent).join("/");
  return `vscode://file${whole.startsWith("/") ? "" : "/"}${whole}:${line}:${column}`;
};
