const ZERO = 48;

/** Luhn's checksum (ISO/IEC 7812-1, annex B): wrong for nine of ten random numbers. */
export function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    const digit = digits.charCodeAt(digits.length - 1 - index) - ZERO;
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** The check digit of GTIN and EAN (ISO/IEC 15420): weights 1 and 3 from the right. */
export function passesGtin(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index++)
    sum += (digits.charCodeAt(digits.length - 1 - index) - ZERO) * (index % 2 === 1 ? 3 : 1);
  return sum % 10 === 0;
}

/** The checksum of IBAN (ISO 13616, ISO/IEC 7064 MOD 97-10): letters are 10 to 35, the head goes to the end. */
export function passesMod97(iban: string): boolean {
  let rest = 0;
  for (const character of iban.slice(4) + iban.slice(0, 4)) {
    const value = Number.parseInt(character, 36);
    if (Number.isNaN(value)) return false;
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}

/** Shannon's entropy of the letters of a text, in bits for each: prose has about 4, a random key of 40 about 4.6. */
export function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

const seenIn = new Uint32Array(128);
let round = 0;

/** How many different characters of ASCII the 64 units from `start` on have, counted up to `enough`. */
export function variety(text: string, enough: number, start = 0): number {
  round = (round + 1) >>> 0 || 1;
  const end = Math.min(text.length, start + 64);
  let count = 0;
  for (let index = start; index < end && count < enough; index++) {
    const code = text.charCodeAt(index);
    if (code >= 128 || seenIn[code] === round) continue;
    seenIn[code] = round;
    count++;
  }
  return count;
}

/** Whether one unit stands so many times in a row. */
export function hasRow(text: string, longest: number): boolean {
  let size = 1;
  for (let index = 1; index < text.length; index++) {
    size = text.charCodeAt(index) === text.charCodeAt(index - 1) ? size + 1 : 1;
    if (size === longest) return true;
  }
  return false;
}
