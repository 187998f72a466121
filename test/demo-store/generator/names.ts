/** Made-up people's names by language. Lists were written for this project; any likeness to a real person is chance. */

export type Culture = {
  /** BCP 47 locales a buyer of this culture shops in; the first is the most common. */
  locales: readonly string[];
  given: readonly string[];
  family: readonly string[];
  /** ASCII stems for e-mail addresses where the names are not in Latin letters. */
  stems?: readonly string[];
};

const words = (text: string): readonly string[] => text.split(" ");

export const cultures = {
  en: {
    locales: ["en", "en-US", "en-GB"],
    given: words(
      "Alice Ben Chloe Daniel Ella Finn Grace Harry Isla Jack Kayla Liam Maya Noah Olive Peter Quinn Ruby Sam Tessa Una Victor Willa Zane",
    ),
    family: words(
      "Abbott Barlow Carver Dalton Ellis Fenwick Garland Hobbs Ingram Jarvis Keating Lambert Marlow Norris Oakley Pryce Quill Rowe Sutton Thorne Underhill Vance Wilder Yates O'Brien D'Arcy Smith-Jones",
    ),
  },
  de: {
    locales: ["de", "de-DE"],
    given: words(
      "Anke Bernd Clara Dörte Emil Frieda Götz Hanna Ingo Jürgen Käthe Lena Moritz Nele Otto Paula Rüdiger Sönke Thea Uwe Vera Wolf Yannik",
    ),
    family: words(
      "Ahlers Böhm Claßen Döring Engel Fröhlich Groß Hübner Issel Jäger Köhler Lübke Möller Nußbaum Öttinger Pröll Rößler Schäfer Thießen Ullrich Vößing Weiß Zöllner",
    ),
  },
  fr: {
    locales: ["fr", "fr-FR", "fr-CA"],
    given: words(
      "Anaïs Benoît Chloé Didier Élodie François Gaël Hélène Inès Jérôme Léa Loïc Maëlle Noé Océane Pascal Rémi Solène Théo Zoé",
    ),
    family: words(
      "Aubert Béranger Chénier Delaunay Étienne Faivre Garçon Hébert Jacquet Lefèvre Marchand Noël Orléans Périer Quéré Rivière Saulnier Thévenet Vallée d'Aubigné",
    ),
  },
  es: {
    locales: ["es", "es-ES", "es-MX"],
    given: words(
      "Álvaro Begoña Carlos Dolores Elías Fátima Gonzalo Héctor Íñigo Jimena Lucía Martín Núria Óscar Pilar Raúl Sofía Tomás Úrsula Ximena",
    ),
    family: words(
      "Álvarez Benítez Castaño Domínguez Echeverría Fernández Gómez Hernández Ibáñez Jiménez Lóriz Muñoz Núñez Ordóñez Peña Quiñones Ríos Sánchez Téllez Zúñiga",
    ),
  },
  it: {
    locales: ["it", "it-IT"],
    given: words(
      "Alessio Bianca Chiara Dario Elena Fabrizio Giada Ilaria Luca Marta Nicolò Ornella Pietro Rosa Salvo Teresa Ugo Viola",
    ),
    family: words(
      "Amato Bassi Conti Donati Esposito Ferri Galli Leone Marini Neri Orsini Pavan Riva Serra Testa Vitale Zanetti Dell'Acqua",
    ),
  },
  pt: {
    locales: ["pt-PT", "pt-BR"],
    given: words(
      "André Beatriz Conceição Davi Eça Flávia Gonçalo Heitor Inês João Lívia Mônica Nuno Otávio Patrícia Rui Sônia Tomé Vânia",
    ),
    family: words(
      "Assunção Brandão Cabral Duarte Esteves Falcão Guimarães Hipólito Leitão Magalhães Nóbrega Osório Paixão Queirós Ramalho Simões Távora Vasconcelos",
    ),
  },
  nl: {
    locales: ["nl", "nl-NL", "nl-BE"],
    given: words(
      "Anouk Bram Daan Elske Floor Guus Hendrik Ilse Jasper Koen Lotte Maarten Noor Pim Roos Sanne Tijn Wietske",
    ),
    family: [
      "van den Berg",
      "de Vries",
      "Bakker",
      "ter Horst",
      "Dijkstra",
      "van 't Hof",
      "Jansma",
      "Kuipers",
      "Mulder",
      "Oosterhuis",
      "Postma",
      "Verhoeven",
      "Wiersma",
      "IJsselstein",
    ],
  },
  pl: {
    locales: ["pl", "pl-PL"],
    given: words(
      "Agnieszka Błażej Celina Dominik Elżbieta Filip Grażyna Henryk Iga Józef Kinga Łukasz Małgorzata Olga Paweł Róża Stanisław Żaneta",
    ),
    family: words(
      "Bąk Ciesielska Dąbrowski Grzyb Jabłońska Kołodziej Łęcka Mądry Nowicka Ostrowski Pawłowska Rządca Śliwa Tomczyk Wójcik Zięba Żurek",
    ),
  },
  nordic: {
    locales: ["sv", "da", "nb", "fi", "is"],
    given: words(
      "Åse Björn Dagný Eirik Frøya Göran Håkon Iida Jørgen Kåre Lærke Märta Njål Øyvind Päivi Rúna Søren Tuulikki Väinö Þóra",
    ),
    family: words(
      "Ångström Björnsdóttir Dahl Ekström Fjørtoft Grönlund Håland Jónsson Kjær Lindqvist Mäkinen Nygård Østergaard Räsänen Sjöberg Tønnesen Virtanen Wærnes",
    ),
  },
  cs: {
    locales: ["cs", "sk", "sl"],
    given: words(
      "Alžběta Božena Čeněk Dušan Eliška František Hynek Jiří Kateřina Luděk Markéta Ondřej Radovan Šárka Tomáš Vít Zdeňka Žofie",
    ),
    family: words(
      "Bělohlávek Černá Dvořáček Fiala Hájková Jeřábek Kučera Ledvinová Mašek Němcová Pokorný Růžička Šťastný Tichá Vaněk Zelenka Žáček",
    ),
  },
  hu: {
    locales: ["hu", "ro", "hr"],
    given: words(
      "Ágnes Balázs Csilla Dénes Emőke Ferenc Győző Ildikó Jenő Katalin Lőrinc Miklós Ödön Piroska Réka Sándor Tünde Zsófia",
    ),
    family: words(
      "Asztalos Bíró Csordás Dömötör Erdős Fülöp Gönczi Hegedűs Juhász Kőműves Lázár Molnár Ördög Pásztor Szűcs Török Ujvári Zsoldos",
    ),
  },
  tr: {
    locales: ["tr", "tr-TR"],
    given: words(
      "Ayşe Burak Çağla Deniz Elif Fırat Gülşen Hakan Işıl İbrahim Kübra Levent Müge Nazlı Özgür Pınar Rıza Şebnem Tuğçe Ümit",
    ),
    family: words(
      "Akın Bağcı Çelik Demirtaş Erdoğdu Fidan Güneş Işık İnce Kılıç Özkan Polat Sağlam Şahin Tunç Uçar Yıldız",
    ),
  },
  vi: {
    locales: ["vi"],
    given: words(
      "Ánh Bảo Cường Diễm Đức Giang Hằng Khánh Liên Mỹ Ngọc Phúc Quỳnh Sơn Thảo Uyên Việt Xuân Yến",
    ),
    family: words("Bùi Châu Dương Đặng Đỗ Hồ Huỳnh Lê Lý Ngô Nguyễn Phạm Phan Trần Trịnh Vũ"),
  },
  ru: {
    locales: ["ru", "uk", "bg"],
    given: words(
      "Алексей Богдана Вера Григорий Дарья Егор Жанна Зоя Игорь Йосип Катерина Леонід Мария Наталія Олег Павел Рада Святослав Тарас Ульяна Фёдор Юлія Ярослав Їжак",
    ),
    family: words(
      "Абрамова Бондаренко Волков Гончар Димитров Ершова Журавель Зайцев Иванова Ковальчук Лебедев Мельник Новикова Осипенко Петрова Руденко Соловьёв Тодоров Шевчук Щербак",
    ),
    stems: words(
      "alexei vera grigori darya egor zoya igor katya maria oleg pavel taras yulia yar fedor bogdana",
    ),
  },
  el: {
    locales: ["el", "el-GR"],
    given: words(
      "Αλέξανδρος Βασιλική Γιώργος Δήμητρα Ελένη Ζωή Ηλίας Θεοδώρα Ιωάννης Κατερίνα Λουκάς Μαρία Νίκος Όλγα Παναγιώτης Σοφία Χρήστος",
    ),
    family: words(
      "Αγγελόπουλος Βλάχου Γεωργίου Δημητρίου Ζερβός Ιωαννίδη Κωνσταντίνου Λαμπράκης Μακρή Νικολάου Οικονόμου Παππάς Ρήγα Σταύρου Χατζής",
    ),
    stems: words("alex vasiliki giorgos dimitra eleni zoi ilias thea yannis katerina loukas maria nikos"),
  },
  ar: {
    locales: ["ar", "ar-AE", "ar-EG"],
    given: words(
      "أحمد بسمة جمال دينا رامي زينب سامي شيماء طارق عائشة فاطمة قاسم ليلى محمود نور هالة وليد ياسمين",
    ),
    family: [
      "الأحمد",
      "البغدادي",
      "التونسي",
      "الجابري",
      "حداد",
      "الخطيب",
      "الدمشقي",
      "الرفاعي",
      "الزهراني",
      "السيد",
      "الشامي",
      "العلي",
      "القاسم",
      "المصري",
      "النجار",
      "بن يوسف",
    ],
    stems: words(
      "ahmad basma jamal dina rami zeinab sami shaima tarek aisha fatima qasim layla mahmoud nour",
    ),
  },
  he: {
    locales: ["he"],
    given: words("אביגיל בועז גליה דוד הדס זאב חנה טליה יונתן כרמל ליאור מיכל נועם עדי צבי רחל שירה תמר"),
    family: [
      "אברהמי",
      "ברק",
      "גולן",
      "דהן",
      "הראל",
      "זיו",
      "חדד",
      "יעקובי",
      "כהן",
      "לוי",
      "מזרחי",
      "נחמיאס",
      "עמר",
      "צור",
      "רוזן",
      "בן־שמעון",
    ],
    stems: words("avigail boaz galia dudu hadas zeev hana talia yoni carmel lior michal noam adi"),
  },
  zh: {
    locales: ["zh-CN", "zh-TW"],
    given: words("伟 秀英 明轩 雨桐 子涵 浩然 欣怡 建国 晓梅 思远 嘉豪 詩涵 冠宇 怡君 家瑋"),
    family: words("王 李 張 陈 刘 杨 黄 吳 趙 周 徐 孫 歐陽 司马 諸葛"),
    stems: words("wei xiuying mingxuan yutong zihan haoran xinyi jianguo xiaomei siyuan jiahao"),
  },
  ja: {
    locales: ["ja"],
    given: words("陽菜 蓮 結衣 大翔 さくら 翔太 美咲 健一 ひなた 直樹 優花 拓海 あおい 真央 カレン"),
    family: words("佐藤 鈴木 高橋 田中 伊藤 渡邊 山本 中村 小林 齋藤 髙木 長谷川 五十嵐 安達"),
    stems: words("hina ren yui hiroto sakura shota misaki kenichi hinata naoki yuka takumi aoi mao"),
  },
  ko: {
    locales: ["ko"],
    given: words("민준 서연 도윤 지우 하은 준서 수빈 예준 지민 현우 은지 태양 가람 보라"),
    family: words("김 이 박 최 정 강 조 윤 장 임 남궁 황보"),
    stems: words("minjun seoyeon doyun jiwoo haeun junseo subin yejun jimin hyunwoo eunji"),
  },
  hi: {
    locales: ["hi", "en-IN"],
    given: words("आरव दीया ईशान कविता गौरव चंदा जय तारा नेहा प्रिया मोहन राधा विक्रम शीला संजय"),
    family: words("अग्रवाल गुप्ता चौधरी जोशी त्रिपाठी नायर पटेल मेहता राव वर्मा शर्मा सिंह"),
    stems: words("aarav diya ishan kavita gaurav chanda jay tara neha priya mohan radha vikram"),
  },
  th: {
    locales: ["th"],
    given: words("กมล จันทรา ณัฐ ธนา นภา ปรีชา พิมพ์ มาลี รัตนา วิชัย ศิริ สมชาย อรุณ"),
    family: words("แก้วใส ทองดี บุญมา ปัญญาดี พรหมมา รุ่งเรือง วงศ์สว่าง ศรีสุข สุขใจ"),
    stems: words("kamon chantra nat thana napa preecha pim malee rattana wichai siri"),
  },
} as const satisfies Record<string, Culture>;

export type CultureKey = keyof typeof cultures;

/** Names that break careless code: markup, Liquid, CSV formulas, SQL, control of direction, joined emoji, length. */
export const hostileNames: readonly (readonly [string | null, string | null])[] = [
  ['Robert "Bobby"', "Tables'); DROP TABLE customers;--"],
  ["<script>alert(1)</script>", "<b>Bold</b>"],
  ["{{ shop.name }}", "{% raw %}"],
  ['=HYPERLINK("http://a.test")', "+1+1"],
  ["👩‍👩‍👧‍👦", "🇺🇦 Ємець"],
  ["Zoë🌸", "O’Connor"],
  ["\u202eevil", "reversed\u202c"],
  ["Zero\u200bWidth", "Joi\u00adner"],
  ["A", ""],
  [" Spaced ", "  Out  "],
  ["Line\nBreak", "Tab\tHere"],
  ["Back\\slash", "Null\\u0000"],
  ["Hubert Blaine Wolfeschlegelsteinhausenbergerdorff ".repeat(5).trim(), "von ".repeat(50) + "Ende"],
  ["ﷺ", "ﬁne"],
  ["Jose\u0301", "Nin\u0303o"],
  [null, "OnlyFamily"],
  ["OnlyGiven", null],
  [null, null],
];
