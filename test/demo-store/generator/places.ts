/** Where buyers live: countries, their provinces as Shopify codes them, and telephone numbers set aside for fiction. */
import type { CultureKey } from "./names.ts";
import type { Dice } from "./dice.ts";

export type Country = {
  code: string;
  /** Share among buyers who do not live in the shop's own country. */
  weight: number;
  cultures: readonly CultureKey[];
  cities: readonly string[];
  provinces?: readonly string[];
  /** `#` a digit, `@` a letter. Absent: the country has no postal codes in common use. */
  zip?: string;
};

const words = (text: string): readonly string[] => text.split(" ");

export const usStates: readonly string[] = words(
  "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY",
);

export const countries: readonly Country[] = [
  {
    code: "US",
    weight: 30,
    cultures: ["en", "en", "en", "es", "zh", "vi"],
    cities: words("Fairview Ashland Riverton Milford Clayton Georgetown"),
    provinces: [...usStates, "CA", "CA", "CA", "NY", "NY", "TX", "TX", "FL", "PR", "GU"],
    zip: "#####",
  },
  {
    code: "DE",
    weight: 7,
    cultures: ["de", "de", "tr"],
    cities: ["München", "Köln", "Görlitz", "Halle (Saale)", "Lübeck"],
    zip: "#####",
  },
  {
    code: "FR",
    weight: 6,
    cultures: ["fr", "fr", "ar"],
    cities: ["Nîmes", "Besançon", "L'Haÿ-les-Roses", "Épinal"],
    zip: "#####",
  },
  {
    code: "GB",
    weight: 7,
    cultures: ["en", "en", "hi"],
    cities: ["Hove", "St Andrews", "Bury St Edmunds", "Llanfairpwllgwyngyll"],
    provinces: words("ENG SCT WLS NIR"),
    zip: "@@# #@@",
  },
  {
    code: "CA",
    weight: 6,
    cultures: ["en", "en", "fr"],
    cities: ["Trois-Rivières", "Moose Jaw", "St. John's", "Nelson"],
    provinces: words("AB BC MB NB NL NS NT NU ON PE QC SK YT"),
    zip: "@#@ #@#",
  },
  {
    code: "AU",
    weight: 5,
    cultures: ["en"],
    cities: ["Wagga Wagga", "Fremantle", "Ballarat"],
    provinces: words("ACT NSW NT QLD SA TAS VIC WA"),
    zip: "####",
  },
  {
    code: "NZ",
    weight: 1,
    cultures: ["en"],
    cities: ["Nelson", "Whangārei"],
    provinces: words("AUK BOP CAN WGN"),
    zip: "####",
  },
  {
    code: "IE",
    weight: 2,
    cultures: ["en"],
    cities: ["Dún Laoghaire", "Sligo"],
    provinces: words("D CO KK"),
    zip: "@## @##@",
  },
  { code: "AT", weight: 2, cultures: ["de"], cities: ["Wien", "Mödling"], zip: "####" },
  {
    code: "CH",
    weight: 2,
    cultures: ["de", "fr", "it"],
    cities: ["Zürich", "Neuchâtel", "Lugano"],
    zip: "####",
  },
  { code: "LI", weight: 0.5, cultures: ["de"], cities: ["Vaduz"], zip: "94##" },
  { code: "BE", weight: 2, cultures: ["nl", "fr"], cities: ["Liège", "Sint-Niklaas"], zip: "####" },
  { code: "NL", weight: 3, cultures: ["nl"], cities: ["'s-Hertogenbosch", "Delft"], zip: "#### @@" },
  { code: "LU", weight: 0.7, cultures: ["fr", "de"], cities: ["Esch-sur-Alzette"], zip: "####" },
  {
    code: "ES",
    weight: 3,
    cultures: ["es"],
    cities: ["Logroño", "A Coruña"],
    provinces: words("M B V SE LO C"),
    zip: "#####",
  },
  {
    code: "PT",
    weight: 1.5,
    cultures: ["pt"],
    cities: ["Évora", "São João da Madeira"],
    provinces: words("PT-11 PT-13 PT-07"),
    zip: "####-###",
  },
  {
    code: "IT",
    weight: 3,
    cultures: ["it"],
    cities: ["L'Aquila", "Forlì"],
    provinces: words("RM MI TO AQ NA"),
    zip: "#####",
  },
  { code: "MT", weight: 0.5, cultures: ["en", "it"], cities: ["Żebbuġ"], zip: "@@@ ####" },
  { code: "GR", weight: 1, cultures: ["el"], cities: ["Αθήνα", "Πάτρα"], zip: "### ##" },
  { code: "CY", weight: 0.6, cultures: ["el"], cities: ["Λεμεσός"], zip: "####" },
  { code: "PL", weight: 2, cultures: ["pl"], cities: ["Łódź", "Gdańsk"], zip: "##-###" },
  { code: "CZ", weight: 1, cultures: ["cs"], cities: ["Plzeň", "Jičín"], zip: "### ##" },
  { code: "SK", weight: 0.7, cultures: ["cs"], cities: ["Košice"], zip: "### ##" },
  { code: "SI", weight: 0.7, cultures: ["cs"], cities: ["Škofja Loka"], zip: "####" },
  { code: "HU", weight: 0.8, cultures: ["hu"], cities: ["Győr"], zip: "####" },
  {
    code: "RO",
    weight: 0.9,
    cultures: ["hu"],
    cities: ["Brașov"],
    provinces: words("BV B CJ"),
    zip: "######",
  },
  { code: "HR", weight: 0.6, cultures: ["hu", "cs"], cities: ["Šibenik"], zip: "#####" },
  { code: "BG", weight: 0.7, cultures: ["ru"], cities: ["Пловдив"], zip: "####" },
  { code: "UA", weight: 0.8, cultures: ["ru"], cities: ["Львів", "Чернівці"], zip: "#####" },
  { code: "EE", weight: 0.5, cultures: ["nordic"], cities: ["Pärnu"], zip: "#####" },
  { code: "LV", weight: 0.5, cultures: ["pl", "nordic"], cities: ["Jūrmala"], zip: "LV-####" },
  { code: "LT", weight: 0.5, cultures: ["pl"], cities: ["Šiauliai"], zip: "LT-#####" },
  { code: "SE", weight: 1.5, cultures: ["nordic"], cities: ["Malmö", "Östersund"], zip: "### ##" },
  { code: "DK", weight: 1.2, cultures: ["nordic"], cities: ["Ærøskøbing", "Aarhus"], zip: "####" },
  { code: "FI", weight: 1, cultures: ["nordic"], cities: ["Jyväskylä"], zip: "#####" },
  { code: "NO", weight: 1, cultures: ["nordic"], cities: ["Tromsø"], zip: "####" },
  { code: "IS", weight: 0.6, cultures: ["nordic"], cities: ["Ísafjörður"], zip: "###" },
  { code: "TR", weight: 1, cultures: ["tr"], cities: ["İzmir", "Şanlıurfa"], zip: "#####" },
  { code: "IL", weight: 0.9, cultures: ["he"], cities: ["חיפה"], zip: "#######" },
  { code: "AE", weight: 0.8, cultures: ["ar", "en"], cities: ["الشارقة"], provinces: words("DU SH AZ") },
  {
    code: "EG",
    weight: 0.6,
    cultures: ["ar"],
    cities: ["الإسكندرية"],
    provinces: words("ALX C"),
    zip: "#####",
  },
  {
    code: "ZA",
    weight: 0.8,
    cultures: ["en", "nl"],
    cities: ["Stellenbosch"],
    provinces: words("WC GP NL"),
    zip: "####",
  },
  {
    code: "IN",
    weight: 1.5,
    cultures: ["hi", "en"],
    cities: ["मुंबई", "Kochi"],
    provinces: words("MH KL DL TN"),
    zip: "######",
  },
  {
    code: "CN",
    weight: 0.8,
    cultures: ["zh"],
    cities: ["西安"],
    provinces: words("CN-61 CN-31"),
    zip: "######",
  },
  { code: "TW", weight: 0.7, cultures: ["zh"], cities: ["臺南"], zip: "###" },
  { code: "HK", weight: 0.7, cultures: ["zh", "en"], cities: ["Sha Tin"], provinces: words("HK KL NT") },
  {
    code: "JP",
    weight: 1.8,
    cultures: ["ja"],
    cities: ["京都市", "那覇市"],
    provinces: words("JP-26 JP-13 JP-47"),
    zip: "###-####",
  },
  {
    code: "KR",
    weight: 1,
    cultures: ["ko"],
    cities: ["전주시"],
    provinces: words("KR-45 KR-11"),
    zip: "#####",
  },
  {
    code: "TH",
    weight: 0.6,
    cultures: ["th"],
    cities: ["เชียงใหม่"],
    provinces: words("TH-50 TH-10"),
    zip: "#####",
  },
  { code: "VN", weight: 0.6, cultures: ["vi"], cities: ["Huế"], zip: "######" },
  {
    code: "BR",
    weight: 1.5,
    cultures: ["pt"],
    cities: ["São Luís", "Florianópolis"],
    provinces: words("SP RJ MA SC"),
    zip: "#####-###",
  },
  {
    code: "MX",
    weight: 1.3,
    cultures: ["es"],
    cities: ["Querétaro", "Mérida"],
    provinces: ["CDMX", "QRO", "YUC"],
    zip: "#####",
  },
  {
    code: "AR",
    weight: 0.8,
    cultures: ["es", "it"],
    cities: ["Río Cuarto"],
    provinces: words("B C X"),
    zip: "@####@@@",
  },
  { code: "CL", weight: 0.6, cultures: ["es"], cities: ["Ñuñoa"], provinces: words("RM VS"), zip: "#######" },
];

const byCode = new Map(countries.map((country) => [country.code, country]));
const totalWeight = countries.reduce((sum, country) => sum + country.weight, 0);
const letters = "ABCDEFGHJKLMNPRSTUVWXY";

export function pickCountry(dice: Dice, home: string): Country {
  const own = byCode.get(home);
  if (own && dice.chance(0.35)) return own;
  let left = dice.unit() * totalWeight;
  for (const country of countries) {
    left -= country.weight;
    if (left < 0) return country;
  }
  return countries[0]!;
}

export function writeZip(dice: Dice, pattern: string): string {
  let zip = "";
  for (const mark of pattern) {
    if (mark === "#") zip += dice.below(10);
    else if (mark === "@") zip += letters[dice.below(letters.length)];
    else zip += mark;
  }
  return zip;
}

const pad = (n: number, width: number) => String(n).padStart(width, "0");

/**
 * A number nobody has. Reserved for drama: NANP 555-0100…0199; Ofcom 07700 900xxx; ARCEP 06 39 98 xx xx; BNetzA 030 23125 xxx;
 * ACMA (02) 5550 xxxx; ComReg 020 91x xxxx; PTS 070-1740605…699. Countries without such a range get a North American one.
 */
export function writePhone(dice: Dice, country: string): string {
  switch (country) {
    case "GB":
      return `+447700900${pad(dice.below(1000), 3)}`;
    case "FR":
      return `+3363998${pad(dice.below(10_000), 4)}`;
    case "DE":
      return `+493023125${pad(dice.below(1000), 3)}`;
    case "AU":
      return `+6125550${pad(dice.below(10_000), 4)}`;
    case "IE":
      return `+3532091${pad(dice.below(100_000), 5)}`;
    case "SE":
      return `+46701740${605 + dice.below(95)}`;
    default:
      return `+1${2 + dice.below(8)}${pad(dice.below(90), 2)}55501${pad(dice.below(100), 2)}`;
  }
}
