/**
 * Country codes of E.164 and the lengths of the numbers behind them, `code:shortest-longest`; where nothing is said a
 * number has 7 to 12 digits. Codes of one plan never begin another.
 */
const PLANS =
  "1:10-10 7:10-10 20:8-10 27:9-9 30:10-10 31:9-10 32:8-9 33:9-9 34:9-9 36:8-9 39:6-11 40:9-9 41:9-9 43:7-13 44:9-10 " +
  "45:8-8 46:7-10 47:8-8 48:9-9 49:7-12 51:8-9 52:10-11 53:6-8 54:10-11 55:10-11 56:9-9 57:8-10 58:10-10 60:8-10 " +
  "61:9-9 62:8-12 63:8-10 64:8-10 65:8-8 66:8-9 81:9-10 82:8-10 84:9-10 86:10-11 90:10-10 91:10-10 92:9-10 93:9-9 " +
  "94:9-9 95:7-10 98:10-10 211 212:9-9 213:8-9 216:8-8 218 220 221:9-9 222 223 224 225:8-10 226 227 228 229 230:7-8 231 " +
  "232 233:9-9 234:8-10 235 236 237:8-9 238 239 240 241 242 243:9-9 244:9-9 245 246 247:4-6 248 249:9-9 250:9-9 251:9-9 " +
  "252 253 254:9-9 255:9-9 256:9-9 257 258:8-9 260:9-9 261 262 263 264 265 266 267 268 269 290:4-5 291 297 298:6-6 " +
  "299:6-6 350:8-8 351:9-9 352:6-11 353:7-9 354:7-9 355:8-9 356:8-8 357:8-8 358:6-11 359:8-9 370:8-8 371:8-8 372:7-8 " +
  "373:8-8 374:8-8 375:9-9 376:6-9 377:8-9 378:6-10 380:9-9 381:8-9 382:8-8 383:8-9 385:8-9 386:8-8 387:8-8 389:8-8 " +
  "420:9-9 421:9-9 423:7-9 500:5-5 501:7-7 502:8-8 503:8-8 504:8-8 505:8-8 506:8-8 507:7-8 508:6-6 509:8-8 590:9-9 " +
  "591:8-8 592:7-7 593:8-9 594:9-9 595:9-9 596:9-9 597:6-7 598:8-8 599:7-8 670 672:6-6 673:7-7 674:7-7 675 676 677 678 " +
  "679 680 681 682 683 685 686 687:6-6 688 689 690 691 692 800:8-8 808:8-8 850 852:8-8 853:8-8 855:8-9 856:8-10 870 878 " +
  "880:8-10 881 882 883 886:8-9 888 960:7-7 961:7-8 962:8-9 963 964:8-10 965:8-8 966:9-9 967 968:8-8 970:8-9 971:8-9 " +
  "972:8-9 973:8-8 974:8-8 975 976:8-8 977:8-10 979 992 993 994:9-9 995:9-9 996:9-9 998:9-9";

const SHORTEST = 7;
const LONGEST = 12;

const plans: ReadonlyMap<string, readonly [shortest: number, longest: number]> = new Map(
  PLANS.split(" ").map((entry) => {
    const [code = "", lengths] = entry.split(":");
    const [shortest = SHORTEST, longest = LONGEST] = lengths?.split("-").map(Number) ?? [];
    return [code, [shortest, longest]];
  }),
);

/** Whether digits, from the country code on, are a number that the plan of that country allows. */
export function plansOf(digits: string): boolean {
  for (let length = 1; length <= 3; length++) {
    const code = digits.slice(0, length);
    const plan = plans.get(code);
    if (plan === undefined) continue;
    const rest = digits.length - length;
    if (rest < plan[0] || rest > plan[1]) return false;
    return true;
  }
  return false;
}
