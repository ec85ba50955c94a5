// SPDX-License-Identifier: GPL-3.0-or-later
//
// Words in both languages.

// ---------------------------------------------------------------------------------------- words

const WORDS = {
  ja: {
    title: '{document} の確認', otherLanguage: 'English', otherLanguageCode: 'en',
    skip: '確認リストへ移る', progress: '確認の進み具合',
    settled: '{done} / {all} 件 確認済み', settledAgain: '（要再確認 {again}）',
    agreement: '一致度 {percent}', export: '書き出す', import: '読み込む', help: '使い方',
    noStorage: 'このブラウザーでは選択を保存できません。閉じる前に「書き出す」で訂正ファイルを保存してください。',
    selfCheck: '自己点検：文書を、その元になった資料そのものと照らし合わせた結果です。',
    views: '表示の切り替え', tabList: '確認リスト', tabText: '本文', tabPicture: '画像',
    listTitle: '確認リスト', filters: '絞り込み', listOf: 'リストの中身',
    modeFindings: '指摘 {n}', modeZones: 'すべての箇所 {n}', search: '本文を検索',
    filterKind: '種類', filterState: '状態', filterPage: '頁', filterPagePlaceholder: '頁 3,5-9',
    filterConfidence: '確度', sort: '並べ方', allKinds: '全種類', allStates: '全状態',
    anyConfidence: '全確度', atLeast: '{n} % 以上', below: '{n} % 未満',
    byWeight: '重い順', byPlace: '頁順',
    shownOf: '{all} 件のうち {n} 件', foundElsewhere: '本文では {n} 箇所',
    clearFilters: '絞り込みを解く', emptyList: '当てはまるものはありません。',
    noFindings: '指摘はありません。',
    page: '{n} 頁', pageLabel: '{n} 頁（印刷 {label}）', pageDone: '確認 {done}/{all}',
    tableCell: '表{table} {row}行 {column}列', row: '表{table} {row}行', column: '{n}列',
    confidence: '確度 {percent}', findingOf: 'この箇所の指摘 {n}/{all}',
    expected: '文書', seen: '画像', zoneText: '文書', corrected: '訂正', evidence: '根拠',
    between: '・', nothing: '（なし）', nothingShort: '無', says: '「{text}」', saysNothing: '何もない',
    crop: '{page}の画像の拡大：{text}', noPicture: 'この頁の画像はありません。',
    documentSays: '文書「{text}」、', pictureSays: '画像「{text}」',
    confirmAsIs: '文書のままでよい・次へ', confirmCorrected: '訂正でよい・次へ',
    confirmPage: '確認した・次へ', again: '要再確認', unseen: '未確認', confirmed: '確認済み',
    take: '画像のとおりに', edit: '直す', original: '文書に戻す', previous: '前へ', next: '次へ',
    actions: '判断', editorLabel: 'この箇所の正しい文字（改行は入りません）',
    editorLabelNew: '文書に入れる文字',
    editorConfirm: '訂正して次へ', editorSave: '訂正する', editorLeave: 'やめる',
    pictureTitle: '画像', textTitle: '本文', goToPage: '頁へ移る', zoom: '拡大', zoomIn: '拡大する',
    zoomOut: '縮小する', zoomFit: '幅合わせ', showAgreeing: '一致も枠で',
    scrollTogether: '画像と一緒に動かす',
    unclaimed: '文書にない墨', pageFinding: '画像は別の頁です：文書では {expected} 頁、画像では {seen} 頁。',
    pageDoubt: 'この頁の画像と文書が合っていません。',
    pagePicture: '頁の画像', selectNothing: '何も選ばれていません',
    selectNothingSentence: 'リスト、画像、本文のどれかで選んでください。',
    saidConfirmed: '確認済みにしました。{progress}', saidAgain: '要再確認にしました。',
    saidUnseen: '未確認に戻しました。', saidTaken: '画像のとおりに直しました：{text}',
    saidCorrected: '訂正しました。', saidOriginal: '文書の文字に戻しました。',
    saidUndone: '取り消しました。', saidNothingToUndo: '取り消すものはありません。',
    saidAllDone: 'このリストはすべて確認済みです。', saidFromTop: '先頭に戻りました。{progress}',
    saidCannotTake: 'どこを置き換えるか分からないので、「直す」で訂正してください。',
    saidSame: '文書の文字はもうそのとおりです。', saidNotEditable: 'ここには直す文字がありません。',
    saidExported: '{n} 件を {file} に書き出しました。', saidNothingToExport: '書き出すものがまだありません。',
    saidDraft: '書きかけはとっておきました。', saidLanguage: '日本語で表示します。',
    importTitle: '訂正ファイルの読み込み', imported: '{n} 件を読み込みました。',
    importedOther: 'これは別の版の文書の訂正です。頁・位置・元の文字が合うものだけを取り入れました。',
    importedLost: '合う箇所のなかったもの：{n} 件', notCorrections: 'これは訂正ファイルではありません。',
    lostLine: '{n} 頁：{old}', close: '閉じる',
    helpTitle: '使い方', helpKeys: 'キー', helpKinds: '印の意味', helpStates: '状態',
    keysOn: '一文字のキーを使う',
    helpKept: '選択はこのブラウザーの中だけに保存されます。「書き出す」で訂正ファイルになり、あとで、または別のブラウザーで読み込めます。この頁は通信をしません。',
    keyConfirm: '確認済みにして次へ', keyTakeConfirm: '画像のとおりに直し、確認済みにして次へ',
    keyAgain: '要再確認にする', keyUnseen: '未確認に戻す', keyTake: '画像のとおりに直す',
    keyEdit: '文字を直す', keyOriginal: '文書の文字に戻す', keyUndo: '直前の操作を取り消す',
    keyNext: '次の項目', keyPrevious: '前の項目', keyText: '本文の中では：次・前の箇所',
    keySearch: '検索', keyZoom: '拡大・縮小・幅に合わせる', keyExport: '書き出す',
    keyHelp: 'この説明', keyLeave: '入力や説明を離れる',
    printTitle: '確認の記録', printPage: '頁', printKind: '種類', printState: '状態',
    kinds: {
      page: ['頁', '頁違い', '画像は別の頁です。'],
      digit: ['数', '数字', '数字が違って見えます。'],
      missing: ['欠', '欠落', '画像にある文が文書にありません。'],
      order: ['順', '順序', '画像での読み順と違います。'],
      neighbour: ['隣', '隣と混同', '隣の欄や箇所の文字が入っているようです。'],
      doubled: ['重', '重複', '同じ文が文書に二度あります。'],
      'text-without-ink': ['空', '墨のない文字', '文書に文字がありますが、画像のそこには何も見えません。'],
      'ink-without-text': ['墨', '文字のない墨', '画像に墨がありますが、文書に文字がありません。'],
      text: ['字', '文字', '文字が違って見えます。'],
      variant: ['異', '異体字', '字体だけが違います。'],
      width: ['幅', '全角半角', '全角と半角だけが違います。'],
      unchecked: ['？', '未照合', '照合できませんでした。'],
      agrees: ['', '一致', '画像と一致しています。'],
    },
    zoneKinds: { cell: '表の欄', p: '段落', heading: '見出し', head: '柱', folio: 'ノンブル', note: '注',
      caption: '図表の題', figure: '図', item: '箇条' },
    looks: { ocr: 'OCR の読み', 'ocr-again': '大きくして読み直した OCR', layer: 'PDF の文字情報',
      glyph: '同じフォントの同じ字形の、他の箇所での読み', picture: '字の形の見比べ', votes: '同じ字の読みの多数決', sense: '前後の文字とのつながり', alike: '形では区別できない字',
      ink: '墨の有無', place: '位置' },
  },
  en: {
    title: 'Review of {document}', otherLanguage: '日本語', otherLanguageCode: 'ja',
    skip: 'Skip to the list', progress: 'Progress of the review',
    settled: '{done} of {all} findings settled', settledAgain: ' ({again} to check again)',
    agreement: 'Agreement {percent}', export: 'Export', import: 'Import', help: 'Help',
    noStorage: 'This browser cannot keep your decisions. Export them before you close this page.',
    selfCheck: 'Self-check: the document is compared with the very source it was made from.',
    views: 'Views', tabList: 'List', tabText: 'Text', tabPicture: 'Picture',
    listTitle: 'List to settle', filters: 'Filters', listOf: 'What is listed',
    modeFindings: 'Findings {n}', modeZones: 'All zones {n}', search: 'Search the text',
    filterKind: 'Kind', filterState: 'State', filterPage: 'Page', filterPagePlaceholder: 'Page 3,5-9',
    filterConfidence: 'Confidence', sort: 'Order', allKinds: 'Kind', allStates: 'State',
    anyConfidence: 'Conf.', atLeast: '{n} % or more', below: 'below {n} %',
    byWeight: 'Worst', byPlace: 'Page',
    shownOf: '{n} of {all} shown', foundElsewhere: '{n} places in the text',
    clearFilters: 'Clear filters', emptyList: 'Nothing matches.', noFindings: 'There are no findings.',
    page: 'Page {n}', pageLabel: 'Page {n} (printed {label})', pageDone: '{done}/{all} settled',
    tableCell: 'Table {table}, row {row}, column {column}', row: 'Table {table} row {row}',
    column: 'col. {n}', confidence: 'confidence {percent}', findingOf: 'Finding {n}/{all} here',
    expected: 'Document', seen: 'Picture', zoneText: 'Document', corrected: 'Corrected',
    evidence: 'Evidence', between: ' · ', nothing: '(nothing)', nothingShort: '∅', says: '“{text}”',
    saysNothing: 'nothing', crop: 'Enlarged picture of {page}: {text}',
    noPicture: 'There is no picture of this page.',
    documentSays: 'document “{text}”, ', pictureSays: 'picture “{text}”',
    confirmAsIs: 'Right as it is, next', confirmCorrected: 'Correction is right, next',
    confirmPage: 'Settled, next', again: 'Check again', unseen: 'Unseen', confirmed: 'Confirmed',
    take: 'Take seen', edit: 'Edit', original: 'Original', previous: 'Previous',
    next: 'Next', actions: 'Decisions', editorLabel: 'The right text of this zone (without line breaks)',
    editorLabelNew: 'Text to put into the document',
    editorConfirm: 'Correct, next', editorSave: 'Correct', editorLeave: 'Leave',
    pictureTitle: 'Picture', textTitle: 'Text', goToPage: 'Go to page', zoom: 'Zoom',
    zoomIn: 'Zoom in', zoomOut: 'Zoom out', zoomFit: 'Fit width', showAgreeing: 'Frame all',
    scrollTogether: 'Scroll with picture',
    unclaimed: 'Ink that the document lacks',
    pageFinding: 'The picture shows another page: document {expected}, picture {seen}.',
    pageDoubt: 'Picture and document of this page do not match.',
    pagePicture: 'picture of the page', selectNothing: 'Nothing selected',
    selectNothingSentence: 'Select something in the list, the picture or the text.',
    saidConfirmed: 'Confirmed. {progress}', saidAgain: 'Marked to check again.', saidUnseen: 'Set back to unseen.',
    saidTaken: 'Taken as seen: {text}', saidCorrected: 'Corrected.',
    saidOriginal: 'Set back to the text of the document.', saidUndone: 'Undone.',
    saidNothingToUndo: 'There is nothing to undo.', saidAllDone: 'All of this list is confirmed.',
    saidFromTop: 'Went on from the top. {progress}',
    saidCannotTake: 'Where to put what is seen is not clear: please edit the text.',
    saidSame: 'The text says that already.', saidNotEditable: 'There is no text to edit here.',
    saidExported: '{n} entries exported to {file}.', saidNothingToExport: 'There is nothing to export yet.',
    saidDraft: 'The draft is kept.', saidLanguage: 'Shown in English.',
    importTitle: 'Import of corrections', imported: '{n} entries imported.',
    importedOther: 'These are corrections of another version of the document. Only what has the same page, place and old text was taken.',
    importedLost: 'Without a matching place: {n}', notCorrections: 'This is no corrections file.',
    lostLine: 'Page {n}: {old}', close: 'Close',
    helpTitle: 'Help', helpKeys: 'Keys', helpKinds: 'Marks', helpStates: 'States',
    keysOn: 'Use single-letter keys',
    helpKept: 'Decisions are kept in this browser only. Export makes a corrections file of them, which can be imported later or in another browser. This page uses no network.',
    keyConfirm: 'Confirm and go to the next', keyTakeConfirm: 'Take what is seen, confirm, next',
    keyAgain: 'Check again', keyUnseen: 'Unseen', keyTake: 'Take what is seen', keyEdit: 'Edit the text',
    keyOriginal: 'Back to the text of the document', keyUndo: 'Undo', keyNext: 'Next', keyPrevious: 'Previous',
    keyText: 'In the text: next and previous zone', keySearch: 'Search',
    keyZoom: 'Zoom in, out, fit width', keyExport: 'Export', keyHelp: 'This help',
    keyLeave: 'Leave a field or this help',
    printTitle: 'Record of the review', printPage: 'Page', printKind: 'Kind', printState: 'State',
    kinds: {
      page: ['P', 'Other page', 'The picture shows another page.'],
      digit: ['#', 'Digit', 'A digit looks different.'],
      missing: ['−', 'Missing', 'The picture has text that the document lacks.'],
      order: ['↕', 'Order', 'The picture is read in another order.'],
      neighbour: ['↔', 'Neighbour', 'This seems to hold text of its neighbour.'],
      doubled: ['×2', 'Doubled', 'The document has this text twice.'],
      'text-without-ink': ['○', 'Text without ink', 'The document has text where the picture shows nothing.'],
      'ink-without-text': ['●', 'Ink without text', 'The picture has ink where the document has no text.'],
      text: ['≠', 'Text', 'A character looks different.'],
      variant: ['≈', 'Variant', 'Only the form of a character differs.'],
      width: ['W', 'Width', 'Only full and half width differ.'],
      unchecked: ['?', 'Unchecked', 'This could not be checked.'],
      agrees: ['', 'Agrees', 'Document and picture agree.'],
    },
    zoneKinds: { cell: 'table cell', p: 'paragraph', heading: 'heading', head: 'running head',
      folio: 'folio', note: 'note', caption: 'caption', figure: 'figure', item: 'list item' },
    looks: { ocr: 'OCR', 'ocr-again': 'OCR again, enlarged', layer: 'text layer of the PDF',
      glyph: 'the same glyph of the font, as read elsewhere', picture: 'shape compared with the picture', votes: 'vote of all readings of this glyph', sense: 'which of the two makes Japanese here',
      alike: 'characters that no picture tells apart', ink: 'whether there is ink', place: 'place' },
  },
};

// What the program says of pictures, ink and text, for people: the numbers it stands on are kept.
const ONE = '(?:e\\^)?-?[\\d.]+';
const PHRASES = [
  ['(.+): expected (N), seen (N), nearest (.) (N), like ones within (N)',
    '形が近いのは「$1」。形の隔たりは、文書の字と $2、読んだ字と $3、最も近い「$4」と $5（同じ字どうしは $6 以内）',
    'looks like “$1”. Distance of shapes: to the character of the document $2, to the one read $3, to the nearest, “$4”, $5 (like ones within $6)'],
  ['expected (N), nearest (N)', '形の隔たりは、文書の字と $1、読んだ字と $2',
    'distance of shapes: to the character of the document $1, to the one seen $2'],
  ['of the character beside it', '隣の字の形', 'the shape of the character beside it'],
  ['cut by its ink: (.*)', '墨の切れ目で区切って読むと「$1」', 'cut where there is no ink: “$1”'],
  ['read as its font says (N) times, otherwise (N) times', '文書のとおりに $1 回、別の字に $2 回読まれた',
    'read as its font says $1 times, otherwise $2 times'],
  ['agreed (N) times, seen so (N) times', '文書のとおりに $1 回、この字に $2 回読まれた',
    'read as the document says $1 times, like this $2 times'],
  ['(.+): (N) times as likely', '前後から見て「$1」のほうが $2 倍ありそう', '“$1” is $2 times as likely here'],
  ['no room', '字の入る余地がない', 'there is no room for it'],
  ['there is ink or room', '墨か余地がある', 'there is ink, or room'],
  ['(N) ems wide(.*)', '幅は $1 字分', '$1 characters wide$2'],
  ['neither part of the passage has it', '前後のどちらの部分にもない', 'neither part of the passage has it'],
].map(([pattern, ja, en]) => ({ pattern: new RegExp(`^${pattern.replaceAll('(N)', `(${ONE})`)}$`, 'u'), ja, en }));
const NO_EXAMPLE = { ja: '不明（ほかに例がない）', en: 'unknown (it stands nowhere else)' };
// Looks that say what was read, as it was.
const LOOKS_OF_TEXT = ['ocr', 'ocr-again', 'layer', 'alike'];

// What a finding is, the worst first; the group gives its colour.
const KINDS = ['page', 'digit', 'missing', 'order', 'neighbour', 'doubled', 'text-without-ink',
  'ink-without-text', 'text', 'variant', 'width'];
const VERDICTS = [...KINDS, 'unchecked', 'agrees'];
// Looks that can find nothing where something was expected; the others then just have no words.
const LOOKS_OF_NOTHING = ['ocr', 'ocr-again', 'layer', 'picture', 'ink'];
const STATES = ['unseen', 'again', 'confirmed'];
const STATE_MARKS = { unseen: '○', again: '↻', confirmed: '✓' };
const NAMESPACE = 'urn:yomijun:corrections:1';
const SETTINGS = 'yomijun.review.settings';
const NEAR = 3;               // points by which a box may differ and be the same place
const ZOOMS = [0.5, 0.67, 0.8, 1, 1.25, 1.5, 2, 2.5, 3, 4];
const DIFF_CELLS = 4e6;       // of the table of a comparison; longer texts count as wholly different
const CONTEXT = 9;            // characters about a difference that the panel shows
const LONG_RUN = 10;          // characters of a difference above which it is not written over the line
const NEAR_SIGHT = 0.75;      // heights of a pane from its viewport at which a page is made
const FAR = 1.5;              // and at which it is given up
const EAR = 0.3;              // the line of a pane, from its top, at which both panes show the same

const $ = id => document.getElementById(id);

/** An element with attributes and children; what is null or false is left out. */
function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(key, value === true ? '' : value);
    }
  }
  element.append(...children.flat().filter(child => child !== null && child !== undefined));
  return element;
}

const hidden = text => make('span', { class: 'unseen-text' }, text);
const characters = text => Array.from(text);
const bare = text => text.replace(/\s+/gu, '');
const fold = text => bare(text.normalize('NFKC').toLowerCase());
const isNear = (a, b) => a.length === 4 && a.every((value, i) => Math.abs(value - b[i]) <= NEAR);
const percent = (value, digits) => `${(Math.floor(value * 1e6) / 1e4).toFixed(digits)} %`;
