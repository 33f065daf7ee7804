/** Replaces the words of a vault: the same word always gets the same replacement. */

/** Words that stay, because they are not names: kinds of files, URLs and properties. */
const KEPT = new Set(
  (
    "md canvas base avif bmp gif jpeg jpg png svg webp flac m4a mp3 ogg wav webm 3gp mkv mov mp4 ogv pdf " +
    "http https mailto obsidian file excalidraw plugin tag tags alias aliases cssclass cssclasses true false null"
  ).split(" "),
);

/**
 * Words, also those after a `<`, which name an HTML element, and escapes in URLs.
 *
 * The only letter that becomes two in lower case is excluded.
 */
const WORDS = /(?<tag><\/?[a-z][a-z0-9]*)|(?<escape>%[0-9a-f]{2})|(?<word>(?:(?!\u0130)\p{L})+)/giu;

/** The largest distance to a replacement letter. */
const REACH = 60;

/**
 * Replaces words with made-up ones of the same length, case and script.
 *
 * Digits, punctuation and accents stay, because the target of a link may depend on them.
 */
export class OtherNames {
  private readonly known = new Map<string, string>();
  private readonly taken = new Set<string>();

  /** @param random returns a random number from 0 up to 1. */
  constructor(private readonly random: () => number = Math.random) {}

  /** A text, path or link with replaced words. */
  of(text: string): string {
    return text.replace(WORDS, (found, ...rest: unknown[]) => {
      const { word } = rest.at(-1) as { word?: string };
      return word === undefined || KEPT.has(word.toLowerCase()) ? found : this.word(word);
    });
  }

  private word(word: string): string {
    const other = [...this.other(word.toLowerCase())];
    return [...word].map((letter, i) => cased(other[i] ?? letter, letter)).join("");
  }

  private other(plain: string): string {
    const known = this.known.get(plain);
    if (known !== undefined) {
      return known;
    }
    let other = plain;
    for (let tries = 0; tries < 100 && (other === plain || this.taken.has(other) || KEPT.has(other)); tries++) {
      other = [...plain].map((letter) => this.letter(letter)).join("");
    }
    this.known.set(plain, other);
    this.taken.add(other);
    return other;
  }

  /** A letter of the same script and kind; letters without a single other case, or with a final form, stay. */
  private letter(letter: string): string {
    if (letter === "ς" || letter.toUpperCase().length !== letter.length) {
      return letter;
    }
    if (isAscii(letter)) {
      return String.fromCharCode(97 + Math.floor(this.random() * 26));
    }
    const code = letter.codePointAt(0) ?? 0;
    for (let tries = 0; tries < 100; tries++) {
      const other = String.fromCodePoint(code - REACH + Math.floor(this.random() * 2 * REACH));
      if (isLike(other, letter)) {
        return other;
      }
    }
    return letter;
  }
}

function isAscii(letter: string): boolean {
  return /^[a-z]$/i.test(letter);
}

const SCRIPTS = (
  "Latin Greek Cyrillic Armenian Georgian Hebrew Arabic Devanagari Bengali Tamil Thai Hangul Hiragana Katakana Han"
)
  .split(" ")
  .map((script) => new RegExp(`^\\p{Script=${script}}$`, "u"));

/** Whether a letter is of the same kind as another, and not rare. */
function isLike(one: string, other: string): boolean {
  const kinds = [/^\p{Ll}$/u, /^\p{Lu}$/u, /^\p{Lo}$/u];
  return (
    one.length === other.length &&
    kinds.some((kind) => kind.test(one) && kind.test(other)) &&
    SCRIPTS.every((script) => script.test(one) === script.test(other)) &&
    one.normalize("NFC") === one &&
    one.normalize("NFD").length === other.normalize("NFD").length &&
    one.toUpperCase().toLowerCase() === one &&
    one.toUpperCase().length === one.length &&
    (one.toUpperCase() === one) === (other.toUpperCase() === other) &&
    one !== "ς"
  );
}

function cased(letter: string, as: string): string {
  return letter === as.toLowerCase() ? as : as !== as.toLowerCase() ? letter.toUpperCase() : letter;
}
