/**
 * The country a telephone number belongs to, as one sign of residence among others. Source: ITU-T E.164 assigned country codes
 * (annex to Operational Bulletin 1114), territories by their national numbering plans. A prefix that several countries share, or
 * that belongs to none, answers null: no sign is better than a wrong one.
 */

// Several territories share +7 (RU, KZ), +262 (RE, YT), +590 (GP, BL, MF), +599 and +672; they appear only by a longer prefix, or not
// at all. Puerto Rico, Guam and the other US territories stay out of +1: whether they count as "US" is for residence to decide.
const plan = `
  1242 BS, 1246 BB, 1264 AI, 1268 AG, 1284 VG, 1345 KY, 1441 BM, 1473 GD, 1649 TC, 1658 JM, 1664 MS, 1721 SX, 1758 LC, 1767 DM,
  1784 VC, 1809 DO, 1829 DO, 1849 DO, 1868 TT, 1869 KN, 1876 JM,
  20 EG, 211 SS, 212 MA, 2125288 -, 2125289 -, 213 DZ, 216 TN, 218 LY,
  220 GM, 221 SN, 222 MR, 223 ML, 224 GN, 225 CI, 226 BF, 227 NE, 228 TG, 229 BJ,
  230 MU, 231 LR, 232 SL, 233 GH, 234 NG, 235 TD, 236 CF, 237 CM, 238 CV, 239 ST,
  240 GQ, 241 GA, 242 CG, 243 CD, 244 AO, 245 GW, 246 IO, 247 SH, 248 SC, 249 SD,
  250 RW, 251 ET, 252 SO, 253 DJ, 254 KE, 255 TZ, 256 UG, 257 BI, 258 MZ,
  260 ZM, 261 MG, 262262 RE, 262692 RE, 262693 RE, 262269 YT, 262639 YT, 263 ZW, 264 NA, 265 MW, 266 LS, 267 BW, 268 SZ, 269 KM,
  27 ZA, 290 SH, 291 ER, 297 AW, 298 FO, 299 GL,
  30 GR, 31 NL, 32 BE, 33 FR, 34 ES, 350 GI, 351 PT, 352 LU, 353 IE, 354 IS, 355 AL, 356 MT, 357 CY, 358 FI, 35818 AX, 359 BG,
  36 HU, 370 LT, 371 LV, 372 EE, 373 MD, 374 AM, 375 BY, 376 AD, 377 MC, 378 SM, 380 UA, 381 RS, 382 ME, 383 XK, 385 HR, 386 SI,
  387 BA, 389 MK, 39 IT, 3906698 VA,
  40 RO, 41 CH, 420 CZ, 421 SK, 423 LI, 43 AT,
  44 GB, 441481 GG, 441534 JE, 441624 IM, 447781 GG, 447797 JE, 447624 IM,
  447509 -, 447524 -, 447700 -, 447829 -, 447839 -, 447911 -, 447924 -, 447937 -,
  45 DK, 46 SE, 47 NO, 4779 SJ, 48 PL, 49 DE,
  500 FK, 501 BZ, 502 GT, 503 SV, 504 HN, 505 NI, 506 CR, 507 PA, 508 PM, 509 HT,
  51 PE, 52 MX, 53 CU, 54 AR, 55 BR, 56 CL, 57 CO, 58 VE, 591 BO, 592 GY, 593 EC, 594 GF, 595 PY, 596 MQ, 597 SR, 598 UY,
  5993 BQ, 5994 BQ, 5997 BQ, 5999 CW,
  60 MY, 61 AU, 6189162 CC, 6189164 CX, 62 ID, 63 PH, 64 NZ, 65 SG, 66 TH, 670 TL, 6723 NF, 673 BN, 674 NR, 675 PG, 676 TO, 677 SB,
  678 VU, 679 FJ, 680 PW, 681 WF, 682 CK, 683 NU, 685 WS, 686 KI, 687 NC, 688 TV, 689 PF, 690 TK, 691 FM, 692 MH,
  81 JP, 82 KR, 84 VN, 850 KP, 852 HK, 853 MO, 855 KH, 856 LA, 86 CN, 880 BD, 886 TW,
  90 TR, 90392 -, 91 IN, 92 PK, 93 AF, 94 LK, 95 MM, 960 MV, 961 LB, 962 JO, 963 SY, 964 IQ, 965 KW, 966 SA, 967 YE, 968 OM,
  970 PS, 971 AE, 972 IL, 97256 -, 97259 -, 973 BH, 974 QA, 975 BT, 976 MN, 977 NP, 98 IR, 992 TJ, 993 TM, 994 AZ, 995 GE,
  996 KG, 998 UZ`;

const countryByPrefix = new Map(
  plan.split(",").map((entry): [string, string | null] => {
    const [prefix = "", country = "-"] = entry.trim().split(" ");
    return [prefix, country === "-" ? null : country];
  }),
);

const longestPrefix = 7;

/**
 * The ISO 3166-1 alpha-2 code for a number as `normalizePhone` writes it ("XK" for Kosovo, as Shopify writes it), or null when
 * the prefix is shared, unassigned or international.
 */
export function countryOfPhone(e164: string): string | null {
  if (!/^\+[1-9]\d{6,14}$/.test(e164)) return null;
  for (let length = longestPrefix; length > 0; length -= 1) {
    const country = countryByPrefix.get(e164.slice(1, length + 1));
    if (country !== undefined) return country;
  }
  return null;
}
