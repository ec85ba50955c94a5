// SPDX-License-Identifier: GPL-3.0-or-later
//
// The review page: a person settles the doubtful places of an extracted document. It works on three
// things: `model`, what the verification found, which never changes; `choices`, what the person
// decided, kept in the browser and exported; `view`, what is being looked at. Whatever changes
// choices goes through `change`, which can be undone, and everything that is shown is made anew
// from the three.
//
// Pages are many: pictures and the parts of a page are made when the page comes near the viewport,
// and given up when it is far; the list makes the rows that are seen.
//
// Boxes: points of the page, origin top left, y down. Offsets into texts count characters, not
// UTF-16 units, as the program that writes the data counts them.
(() => {
'use strict';

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
      picture: '字の形の見比べ', votes: '同じ字の読みの多数決', alike: '同じ形の字の他の箇所',
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
      picture: 'shape compared with the picture', votes: 'vote of all readings of this glyph',
      alike: 'other places of the same shape', ink: 'whether there is ink', place: 'place' },
  },
};

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

// ------------------------------------------------------------------------------------ the model

function unionOf(a, b) {
  return b ? [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])]
    : a;
}

function zoneOf(raw, page, index) {
  return { ...raw, page, index, key: `${page.n}/${raw.id}`, text: raw.text || '', findings: [],
    verdict: raw.verdict || 'unchecked' };
}

/** A finding's key says what it is about, so that a new run of the verification finds it again. */
function findingOf(raw, page, keys) {
  const at = Number.isInteger(raw.at) ? raw.at : -1;
  const zone = page.zoneById.get(raw.zone) || null;
  const box = raw.box || (zone && zone.box) || null;
  let key = JSON.stringify([page.n, raw.zone, raw.kind, at, raw.expected, raw.seen, box]);
  while (keys.has(key)) {
    key += '+';
  }
  keys.add(key);
  const hasSpot = Boolean(raw.box && zone && zone.box && !isNear(raw.box, zone.box));
  const found = { ...raw, at, page, zone, box, key, hasSpot, isFinding: true, expected: raw.expected || '',
    seen: raw.seen || '', looks: raw.looks || [], confidence: raw.confidence ?? 0 };
  if (zone) {
    zone.findings.push(found);
  }
  return found;
}

function pageOf(raw, index, keys) {
  const page = { ...raw, index };
  page.view = unionOf([0, 0, raw.width, raw.height], raw.picture && raw.picture_box);
  page.zones = (raw.zones || []).map((zone, at) => zoneOf(zone, page, at));
  page.zoneById = new Map(page.zones.map(zone => [zone.id, zone]));
  page.findings = (raw.findings || []).map(finding => findingOf(finding, page, keys));
  return page;
}

const weight = finding => (KINDS.indexOf(finding.kind) + KINDS.length + 1) % (KINDS.length + 1);
const placeOrder = (a, b) => a.page.index - b.page.index
  || (a.zone ? a.zone.index : 1e9) - (b.zone ? b.zone.index : 1e9) || a.at - b.at;
const worstFirst = (a, b) => weight(a) - weight(b) || b.confidence - a.confidence || placeOrder(a, b);

function modelOf(data) {
  const keys = new Set();
  const pages = data.pages.map((page, index) => pageOf(page, index, keys));
  const zones = pages.flatMap(page => page.zones);
  const findings = pages.flatMap(page => page.findings).sort(worstFirst);
  return { ...data, pages, zones, findings, byPlace: [...findings].sort(placeOrder),
    pageByNumber: new Map(pages.map(page => [page.n, page])),
    zoneByKey: new Map(zones.map(zone => [zone.key, zone])),
    findingByKey: new Map(findings.map(finding => [finding.key, finding])) };
}

const model = modelOf(JSON.parse($('data').textContent));

// ---------------------------------------------------------------------------------- differences

/** What a and b share and where they differ: [{same, a, b}], by their longest common part. */
function diff(a, b) {
  const as = characters(a), bs = characters(b);
  let start = 0, endA = as.length, endB = bs.length;
  while (start < endA && start < endB && as[start] === bs[start]) {
    start++;
  }
  while (endA > start && endB > start && as[endA - 1] === bs[endB - 1]) {
    endA--;
    endB--;
  }
  const head = as.slice(0, start).join(''), tail = as.slice(endA).join('');
  return joinRuns([{ same: true, a: head, b: head },
    ...middle(as.slice(start, endA), bs.slice(start, endB)), { same: true, a: tail, b: tail }]);
}

function middle(as, bs) {
  if (!as.length || !bs.length || as.length * bs.length > DIFF_CELLS) {
    return [{ same: false, a: as.join(''), b: bs.join('') }];
  }
  const width = bs.length + 1;
  const length = new Uint16Array((as.length + 1) * width);
  for (let i = as.length - 1; i >= 0; i--) {
    for (let j = bs.length - 1; j >= 0; j--) {
      length[i * width + j] = as[i] === bs[j] ? length[(i + 1) * width + j + 1] + 1
        : Math.max(length[(i + 1) * width + j], length[i * width + j + 1]);
    }
  }
  const runs = [];
  for (let i = 0, j = 0; i < as.length || j < bs.length;) {
    if (i < as.length && j < bs.length && as[i] === bs[j]) {
      runs.push({ same: true, a: as[i++], b: bs[j++] });
    } else if (j >= bs.length
        || (i < as.length && length[(i + 1) * width + j] >= length[i * width + j + 1])) {
      runs.push({ same: false, a: as[i++], b: '' });
    } else {
      runs.push({ same: false, a: '', b: bs[j++] });
    }
  }
  return runs;
}

function joinRuns(runs) {
  const joined = [];
  for (const run of runs) {
    const last = joined[joined.length - 1];
    if (last && last.same === run.same) {
      last.a += run.a;
      last.b += run.b;
    } else if (run.a || run.b) {
      joined.push({ ...run });
    }
  }
  return joined;
}

/** Where in its zone's text the finding's expected text begins, in characters; null if unclear. */
function placeInZone(finding) {
  const text = characters(finding.zone.text), wanted = characters(finding.expected);
  if (finding.at >= 0 && finding.at <= text.length
      && text.slice(finding.at, finding.at + wanted.length).join('') === finding.expected) {
    return finding.at;
  }
  const first = finding.expected ? finding.zone.text.indexOf(finding.expected) : -1;
  const only = first >= 0 && finding.zone.text.indexOf(finding.expected, first + 1) < 0;
  return only ? characters(finding.zone.text.slice(0, first)).length : null;
}

/** The runs of the zone's text that differ: [{from, to, seen, finding or null}], in order. */
function marksOf(zone) {
  const marks = typeof zone.seen === 'string' ? marksOfRuns(diff(zone.text, zone.seen), 0) : [];
  for (const finding of zone.findings) {
    const at = placeInZone(finding);
    if (at === null || finding.expected === finding.seen) {
      continue;
    }
    const end = at + characters(finding.expected).length;
    const touched = marks.filter(mark => mark.from <= end && mark.to >= at);
    touched.forEach(mark => { mark.finding = mark.finding || finding; });
    if (!touched.length) {
      marks.push(...marksOfRuns(diff(finding.expected, finding.seen), at)
        .map(mark => ({ ...mark, finding })));
    }
  }
  return marks.sort((a, b) => a.from - b.from);
}

function marksOfRuns(runs, at) {
  const marks = [];
  for (const run of runs) {
    const length = characters(run.a).length;
    if (!run.same && (bare(run.a) || bare(run.b))) {
      marks.push({ from: at, to: at + length, seen: run.b, finding: null });
    }
    at += length;
  }
  return marks;
}

/** `now` with what the finding saw in place of what it expected; null if the place is not clear. */
function textWithSeen(finding, now) {
  const from = placeInZone(finding);
  if (from === null) {
    return null;
  }
  const to = from + characters(finding.expected).length;
  let old = 0, place = 0;
  for (const run of diff(finding.zone.text, now)) {
    const lengthA = characters(run.a).length, lengthB = characters(run.b).length;
    if (run.same && from >= old && to <= old + lengthA) {
      const text = characters(now);
      text.splice(place + from - old, to - from, finding.seen);
      return text.join('');
    }
    old += lengthA;
    place += lengthB;
  }
  return now === '' && finding.zone.text === '' ? finding.seen : null;
}

// ---------------------------------------------------------------------------------- the choices

// Entries {state, text}, either may be missing. A finding's entry has its state, and a text only if
// it has no zone; a zone's entry its text, and its state only if it has no findings: the state of
// one that has is that of its findings.
let choices = { findings: new Map(), zones: new Map() };
const undone = [];
const storageKey = `yomijun.review.${model.sha256}`;
let storage = null;
let unsaved = false;

function openStorage() {
  try {
    window.localStorage.setItem('yomijun.review.test', '1');
    window.localStorage.removeItem('yomijun.review.test');
    return window.localStorage;
  } catch (error) {
    return null;
  }
}

function readStored(key) {
  try {
    return JSON.parse(storage.getItem(key) || 'null');
  } catch (error) {
    return null;
  }
}

function loadChoices() {
  const kept = storage ? readStored(storageKey) : null;
  choices = { findings: new Map(kept ? kept.findings : []), zones: new Map(kept ? kept.zones : []) };
}

function saveChoices() {
  unsaved = true;
  keep(storageKey, { version: 1, document: model.document, findings: [...choices.findings],
    zones: [...choices.zones] });
}

function keep(key, value) {
  try {
    storage.setItem(key, JSON.stringify(value));
  } catch (error) {
    storage = null;
  }
  $('storage-warning').hidden = Boolean(storage);
}

const tableOf = item => item.isFinding ? choices.findings : choices.zones;
const choiceOf = item => tableOf(item).get(item.key) || {};

function stateOf(item) {
  if (item.isFinding || !item.findings.length) {
    return choiceOf(item).state || 'unseen';
  }
  const states = item.findings.map(stateOf);
  return states.includes('again') ? 'again'
    : states.every(state => state === 'confirmed') ? 'confirmed' : 'unseen';
}

/** What carries the text of a finding or zone: its zone, or the finding itself; null for pages. */
const holderOf = item => item.isFinding ? item.zone || (item.kind === 'page' ? null : item) : item;
const originalOf = holder => holder.isFinding ? '' : holder.text;
const isCorrected = holder => Boolean(holder) && choiceOf(holder).text !== undefined;
const textOf = holder => isCorrected(holder) ? choiceOf(holder).text : originalOf(holder);

/** The edits [{item, state?, text?}]: null takes a value away, undefined leaves it as it is. */
function change(edits) {
  const step = [];
  for (const { item, state, text } of edits) {
    const before = tableOf(item).get(item.key);
    const after = { ...before };
    put(after, 'state', state === 'unseen' ? null : state);
    put(after, 'text', text === originalOf(item) ? null : text);
    step.push({ item, before });
    set(item, Object.keys(after).length ? after : undefined);
  }
  undone.push(step);
  changed(step.map(({ item }) => item));
}

function put(entry, name, value) {
  if (value === null) {
    delete entry[name];
  } else if (value !== undefined) {
    entry[name] = value;
  }
}

function set(item, entry) {
  if (entry) {
    tableOf(item).set(item.key, entry);
  } else {
    tableOf(item).delete(item.key);
  }
}

function undo() {
  const step = undone.pop();
  if (!step) {
    say('saidNothingToUndo');
    return;
  }
  step.reverse().forEach(({ item, before }) => set(item, before));
  const { item } = step[step.length - 1];
  changed(step.map(each => each.item));
  (item.isFinding ? select : selectZone)(item);
  say('saidUndone');
}

/** A zone's state is that of its findings, where it has some. */
function editsOfState(item, state) {
  return (item.isFinding || !item.findings.length ? [item] : item.findings)
    .map(each => ({ item: each, state }));
}

// ------------------------------------------------------------------------- corrections as a file

const escaped = text => text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
  .replace(/[&<>"\t\n\r]/g, found => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[found]
    || `&#${found.charCodeAt(0)};`);
const attributesOf = pairs => pairs.filter(([, value]) => value !== null && value !== undefined)
  .map(([name, value]) => ` ${name}="${escaped(String(value))}"`).join('');
const boxOf = item => item.box || [0, 0, item.page.width, item.page.height];
const boxWords = box => box.map(value => String(Math.round(value * 100) / 100)).join(' ');

function correctionOf(item) {
  const zone = item.isFinding ? item.zone : item;
  const own = isCorrected(item) ? `\n    <new>${escaped(textOf(item))}</new>` : '';
  const about = item.isFinding ? [['kind', item.kind], ['at', item.at >= 0 ? item.at : null],
    ['expected', item.expected], ['seen', item.seen]] : [];
  const attributes = attributesOf([['page', item.page.n], ['zone', zoneIdOf(item)],
    ['box', boxWords(boxOf(item))], ['state', stateOf(item)], ...about]);
  return `  <correction${attributes}>\n    <old>${escaped(zone ? zone.text : '')}</old>${own}\n`
    + '  </correction>\n';
}

/** All that was decided, page by page; a zone before its findings. */
function decided() {
  return model.pages.flatMap(page => [...page.zones.flatMap(zone => [zone, ...zone.findings]),
    ...page.findings.filter(finding => !finding.zone)]).filter(item => tableOf(item).has(item.key));
}

function correctionsXml(items) {
  const attributes = attributesOf([['xmlns', NAMESPACE], ['document', model.document],
    ['sha256', model.sha256], ['made', new Date().toISOString()]]);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<corrections${attributes}>\n`
    + `${items.map(correctionOf).join('')}</corrections>\n`;
}

function exportChoices() {
  const items = decided();
  if (!items.length) {
    say('saidNothingToExport');
    return;
  }
  const file = `${model.document.replace(/^.*[/\\]/, '').replace(/\.xml$/i, '')}.corrections.xml`;
  const url = URL.createObjectURL(new Blob([correctionsXml(items)], { type: 'application/xml' }));
  make('a', { href: url, download: file }).click();
  setTimeout(() => URL.revokeObjectURL(url), 30000);
  unsaved = false;
  say('saidExported', { n: items.length, file });
}

const zoneIdOf = item => item.isFinding ? item.zone && item.zone.id : item.id;

function entryOf(element) {
  const child = name => element.getElementsByTagNameNS(NAMESPACE, name)[0];
  const at = element.getAttribute('at');
  return { page: Number(element.getAttribute('page')), zone: element.getAttribute('zone'),
    box: (element.getAttribute('box') || '').trim().split(/\s+/).map(Number),
    state: element.getAttribute('state'), kind: element.getAttribute('kind'),
    at: at === null ? -1 : Number(at), expected: element.getAttribute('expected'),
    seen: element.getAttribute('seen'), old: child('old') ? child('old').textContent : '',
    text: child('new') ? child('new').textContent : null };
}

/** Anchors are page, box and old text; the zone's name only chooses among those that fit. */
function itemOf(entry) {
  const page = model.pageByNumber.get(entry.page);
  if (!page) {
    return null;
  }
  const fits = item => isNear(entry.box, boxOf(item))
    && bare(item.isFinding && !item.zone ? '' : (item.zone || item).text) === bare(entry.old);
  const asked = name => item => entry[name] === null || item[name] === entry[name];
  const found = (entry.kind ? page.findings.filter(item => item.kind === entry.kind
    && item.at === entry.at && asked('expected')(item) && asked('seen')(item)) : page.zones)
    .filter(fits);
  const same = found.filter(item => entry.zone === zoneIdOf(item));
  return same[0] || found[0] || null;
}

/** A zone that was confirmed had all its findings confirmed; other states the findings carry. */
function editsOfEntry(entry) {
  const item = itemOf(entry);
  if (!item) {
    return [];
  }
  const state = STATES.includes(entry.state) ? entry.state : undefined;
  const holder = holderOf(item);
  const own = holder === item && entry.text !== null ? [{ item, text: entry.text }] : [];
  const states = item.isFinding || !item.findings.length || state === 'confirmed'
    ? editsOfState(item, state) : [];
  return [...own, ...states];
}

function importText(text) {
  const xml = new DOMParser().parseFromString(text, 'application/xml');
  const root = xml.documentElement;
  if (!root || root.localName !== 'corrections' || root.namespaceURI !== NAMESPACE) {
    showImport([w('notCorrections')], []);
    return;
  }
  const entries = [...root.getElementsByTagNameNS(NAMESPACE, 'correction')].map(entryOf);
  const edits = entries.map(editsOfEntry);
  const lost = entries.filter((entry, i) => !edits[i].length && !itemOf(entry));
  if (edits.flat().length) {
    change(edits.flat());
  }
  const other = root.getAttribute('sha256') !== model.sha256;
  showImport([w('imported', { n: entries.length - lost.length }), other ? w('importedOther') : '',
    lost.length ? w('importedLost', { n: lost.length }) : ''], lost);
}

function showImport(words, lost) {
  $('import-words').textContent = words.filter(Boolean).join(' ');
  $('import-lost').replaceChildren(...lost.slice(0, 50)
    .map(entry => make('li', {}, w('lostLine', { n: entry.page, old: entry.old || entry.kind || '' }))));
  $('import-dialog').showModal();
}

// ----------------------------------------------------------------------------- language and words

let settings = { language: null, keys: true, agreeing: true, together: true };

/** The word, with {name} replaced. */
function w(name, values = {}) {
  const word = WORDS[settings.language][name];
  return word.replace(/\{(\w+)\}/g, (all, key) => values[key] ?? '');
}

const kindWords = kind => WORDS[settings.language].kinds[kind] || ['?', kind, ''];
const pageWords = page => page.label && page.label !== String(page.n)
  ? w('pageLabel', { n: page.n, label: page.label }) : w('page', { n: page.n });
const saidBy = look => look.says ? w('says', { text: look.says })
  : LOOKS_OF_NOTHING.includes(look.by) ? w('saysNothing') : '';

function say(name, values) {
  $('status').textContent = w(name, values);
}

function saveSettings() {
  if (storage) {
    keep(SETTINGS, settings);
  }
}

function setLanguage(language) {
  settings.language = language;
  document.documentElement.lang = language;
  document.title = w('title', { document: model.document });
  document.querySelectorAll('[data-t]').forEach(element => {
    element.textContent = w(element.dataset.t);
  });
  for (const name of ['label', 'placeholder']) {
    document.querySelectorAll(`[data-t-${name}]`).forEach(element => element.setAttribute(
      name === 'label' ? 'aria-label' : name, w(element.getAttribute(`data-t-${name}`))));
  }
  $('language').textContent = w('otherLanguage');
  $('language').lang = w('otherLanguageCode');
  $('agreement').textContent = typeof model.agreement === 'number'
    ? w('agreement', { percent: percent(model.agreement, 2) }) : '';
  fillFilters();
  fillHelp();
  fillPageJump();
  rebuildPages();
  showAll();
}

const badge = (kind, word = true) => make('span', { class: `badge ${groupOf(kind)}` },
  make('span', { class: 'mark', 'aria-hidden': 'true' }, kindWords(kind)[0]),
  word ? make('span', {}, kindWords(kind)[1]) : hidden(kindWords(kind)[1]));

const stateBadge = state => make('span', { class: `state ${state}` },
  make('span', { 'aria-hidden': 'true' }, STATE_MARKS[state]), ' ', w(state));

function groupOf(kind) {
  const groups = { page: 'g-place', digit: 'g-digit', missing: 'g-place', order: 'g-place',
    neighbour: 'g-place', doubled: 'g-place', 'text-without-ink': 'g-ink', 'ink-without-text': 'g-ink',
    text: 'g-text', variant: 'g-mild', width: 'g-mild', agrees: 'g-agrees' };
  return groups[kind] || 'g-unchecked';
}

function fillHelp() {
  const rows = [['Enter', 'keyConfirm'], ['Shift+Enter', 'keyTakeConfirm'], ['r', 'keyAgain'],
    ['u', 'keyUnseen'], ['t', 'keyTake'], ['e', 'keyEdit'], ['o', 'keyOriginal'], ['z', 'keyUndo'],
    ['j ↓', 'keyNext'], ['k ↑', 'keyPrevious'], ['↓ ↑', 'keyText'], ['/', 'keySearch'],
    ['+ - 0', 'keyZoom'], ['Ctrl+S', 'keyExport'], ['?', 'keyHelp'], ['Esc', 'keyLeave']];
  $('help-keys').tBodies[0].replaceChildren(...rows.map(([keys, name]) => make('tr', {},
    make('th', { scope: 'row' }, ...keys.split(' ').flatMap(key => [make('kbd', {}, key), ' '])),
    make('td', {}, w(name)))));
  $('help-kinds').tBodies[0].replaceChildren(...VERDICTS.map(kind => make('tr', {},
    make('th', { scope: 'row' }, badge(kind)), make('td', {}, kindWords(kind)[2]))));
  $('help-states').tBodies[0].replaceChildren(...STATES.map(state => make('tr', {},
    make('th', { scope: 'row' }, stateBadge(state)))));
}

// ------------------------------------------------------------------------------------- the view

const view = { mode: 'findings', items: [], index: -1, last: 0, selected: null, page: model.pages[0] || null };

/** Shows a finding or zone everywhere; `quiet` leaves the panes where they are. */
function select(item, { quiet = false } = {}) {
  leaveEditor();
  if (view.selected !== item) {
    $('panel-body').scrollTop = 0;
  }
  view.selected = item;
  view.page = item ? item.page : view.page;
  const zone = item && item.isFinding ? item.zone : item;
  view.index = view.items.indexOf(item);
  if (view.index < 0 && zone) {
    view.index = view.items.findIndex(each => each === zone || each.zone === zone);
  }
  view.last = view.index >= 0 ? view.index : view.last;
  showPanel();
  showList({ follow: true });
  showSelection(quiet);
}

/** What is selected when the person points at a zone: its first finding that is not settled. */
function selectZone(zone, options) {
  const open = zone.findings.filter(finding => stateOf(finding) !== 'confirmed');
  const isListed = view.mode === 'findings' && zone.findings.length;
  select(isListed ? open[0] || zone.findings[0] : zone, options);
}

function showAll() {
  filterItems();
  showPanel();
  showProgress();
  showList({ follow: true });
  showStrip();
}

/** After a change: what is shown of these items is made anew. */
function changed(items) {
  saveChoices();
  const zones = new Set(), pages = new Set();
  for (const item of items) {
    pages.add(item.page);
    const zone = item.isFinding ? item.zone : item;
    if (zone) {
      zones.add(zone);
    }
  }
  zones.forEach(refreshZone);
  items.filter(item => item.isFinding && !item.zone).forEach(refreshLoose);
  pages.forEach(refreshPage);
  const selected = view.selected;
  filterItems();
  view.index = view.items.indexOf(selected);
  showPanel();
  showProgress();
  showList({});
  showStrip();
}

// ------------------------------------------------------------------------------------- progress

function countOf(findings) {
  const states = findings.map(stateOf);
  return { all: findings.length, done: states.filter(state => state === 'confirmed').length,
    again: states.filter(state => state === 'again').length };
}

function showProgress() {
  const { all, done, again } = countOf(model.findings);
  $('progress').max = Math.max(all, 1);
  $('progress').value = all ? done : 1;
  $('progress-text').textContent = all
    ? w('settled', { done, all }) + (again ? w('settledAgain', { again }) : '') : w('noFindings');
}

function pageProgress(page) {
  const { all, done } = countOf(page.findings);
  return all ? w('pageDone', { done, all }) : '';
}

/** A tick a page: tall where something heavy is open, half where something light is. */
function showStrip() {
  const strip = $('strip');
  if (strip.childElementCount !== model.pages.length) {
    strip.replaceChildren(...model.pages.map((page, i) => make('i', { 'data-page': i })));
  }
  model.pages.forEach((page, i) => {
    const open = page.findings.filter(finding => stateOf(finding) !== 'confirmed');
    const name = !page.findings.length ? 'none' : !open.length ? 'done'
      : open.some(finding => weight(finding) < KINDS.indexOf('text')) ? 'heavy' : 'light';
    const tick = strip.children[i];
    tick.className = `${name}${page === view.page ? ' here' : ''}`;
    tick.title = [pageWords(page), pageProgress(page)].filter(Boolean).join(' ');
  });
}

function fillPageJump() {
  $('page-jump').replaceChildren(...model.pages.map((page, i) => make('option', { value: i },
    [pageWords(page), pageProgress(page)].filter(Boolean).join('  '))));
  showPageJump();
}

function showPageJump() {
  $('page-jump').value = view.page ? view.page.index : '';
  document.querySelectorAll('#strip .here').forEach(tick => tick.classList.remove('here'));
  if (view.page && $('strip').children[view.page.index]) {
    $('strip').children[view.page.index].classList.add('here');
  }
}

// -------------------------------------------------------------------------------------- filters

const filters = { words: '', kind: '', state: '', pages: null, confidence: '' };

function fillSelect(select, options) {
  const value = select.value;
  select.replaceChildren(...options.map(([key, word]) => make('option', { value: key }, word)));
  select.value = options.some(([key]) => key === value) ? value : options[0][0];
}

function fillFilters() {
  const isZones = view.mode === 'zones';
  const items = isZones ? model.zones : model.findings;
  const kindName = isZones ? 'verdict' : 'kind';
  const present = [...new Set([...VERDICTS, ...items.map(item => item[kindName])])];
  const count = kind => items.filter(item => item[kindName] === kind).length;
  fillSelect($('filter-kind'), [['', w('allKinds')], ...present.filter(count)
    .map(kind => [kind, `${kindWords(kind)[1]} ${count(kind)}`])]);
  fillSelect($('filter-state'), [['', w('allStates')],
    ...STATES.map(state => [state, `${STATE_MARKS[state]} ${w(state)}`])]);
  fillSelect($('filter-confidence'), [['', w('anyConfidence')],
    ...[99, 95, 90, 80, 50].map(n => [String(n / 100), w('atLeast', { n })]),
    ['-0.8', w('below', { n: 80 })]]);
  fillSelect($('sort'), [['worst', w('byWeight')], ['place', w('byPlace')]]);
  $('filter-confidence').disabled = $('sort').disabled = isZones;
  $('mode-findings').textContent = w('modeFindings', { n: model.findings.length });
  $('mode-zones').textContent = w('modeZones', { n: model.zones.length });
  $('mode-findings').setAttribute('aria-pressed', !isZones);
  $('mode-zones').setAttribute('aria-pressed', isZones);
}

/** "3, 5-9" as a test of page numbers; null for all. */
function pagesAsked(words) {
  const ranges = [...words.normalize('NFKC').matchAll(/(\d+)\s*(?:[-–~〜]\s*(\d*))?/g)]
    .map(([all, from, to]) => [Number(from), to === undefined ? Number(from) : Number(to) || Infinity]);
  return ranges.length ? n => ranges.some(([from, to]) => n >= from && n <= to) : null;
}

function readFilters() {
  filters.words = fold($('search').value);
  filters.kind = $('filter-kind').value;
  filters.state = $('filter-state').value;
  filters.pages = pagesAsked($('filter-page').value);
  filters.confidence = view.mode === 'zones' ? '' : $('filter-confidence').value;
}

function hasWords(item, words) {
  if (!words) {
    return true;
  }
  item.folded = item.folded || fold(item.isFinding ? `${item.expected}\n${item.seen}`
    : `${item.text}\n${item.seen || ''}`);
  const holder = holderOf(item);
  return item.folded.includes(words) || (item.zone ? hasWords(item.zone, words) : false)
    || (isCorrected(holder) && fold(textOf(holder)).includes(words));
}

function isShown(item) {
  const bound = Number(filters.confidence);
  return (!filters.kind || filters.kind === (item.isFinding ? item.kind : item.verdict))
    && (!filters.pages || filters.pages(item.page.n))
    && (!bound || (bound > 0 ? item.confidence >= bound : item.confidence < -bound))
    && (!filters.state || filters.state === stateOf(item))
    && hasWords(item, filters.words);
}

function filterItems() {
  readFilters();
  const isZones = view.mode === 'zones';
  const all = isZones ? model.zones : $('sort').value === 'place' ? model.byPlace : model.findings;
  view.items = all.filter(isShown);
  view.index = view.items.indexOf(view.selected);
  const isAll = view.items.length === all.length;
  $('shown').textContent = isAll ? '' : w('shownOf', { n: view.items.length, all: all.length });
  $('clear-filters').hidden = isAll && !$('search').value;
  const places = filters.words && !isZones
    ? model.zones.filter(zone => hasWords(zone, filters.words)).length : 0;
  $('found-elsewhere').hidden = !places;
  $('found-elsewhere').textContent = w('foundElsewhere', { n: places });
}

function filtersChanged() {
  filterItems();
  $('list').scrollTop = 0;
  showList({ follow: true });
  highlight();
}

function setMode(mode) {
  view.mode = mode;
  $('filter-kind').value = '';
  fillFilters();
  filtersChanged();
}

function clearFilters() {
  for (const id of ['search', 'filter-kind', 'filter-state', 'filter-page', 'filter-confidence']) {
    $(id).value = '';
  }
  filtersChanged();
}

// ----------------------------------------------------------------------------------- the list

/** The height of a row is what the style says, so that rows can be placed without being made. */
const rowHeight = () => parseFloat(getComputedStyle($('list')).getPropertyValue('--row'))
  * parseFloat(getComputedStyle(document.documentElement).fontSize);

/** Makes the rows that are seen; `follow` scrolls to the selected one. */
function showList({ follow = false }) {
  const list = $('list'), rows = $('rows'), height = rowHeight();
  rows.style.height = `${Math.max(view.items.length, 1) * height}px`;
  if (follow && view.index >= 0) {
    const top = view.index * height;
    if (top < list.scrollTop || top + height > list.scrollTop + list.clientHeight) {
      list.scrollTop = top - (list.clientHeight - height) / 3;
    }
  }
  const first = Math.max(0, Math.floor(list.scrollTop / height) - 4);
  const last = Math.min(view.items.length, Math.ceil((list.scrollTop + list.clientHeight) / height) + 4);
  const indices = Array.from({ length: Math.max(0, last - first) }, (none, i) => first + i);
  if (view.index >= 0 && (view.index < first || view.index >= last)) {
    indices.push(view.index);
  }
  rows.replaceChildren(...indices.map(index => rowOf(index, height)));
  if (!view.items.length) {
    rows.append(make('p', { class: 'empty' }, w(model.findings.length ? 'emptyList' : 'noFindings')));
  }
  list.setAttribute('aria-activedescendant', view.index >= 0 ? `row-${view.index}` : '');
}

function rowOf(index, height) {
  const item = view.items[index], state = stateOf(item);
  const kind = item.isFinding ? item.kind : item.verdict;
  const row = make('div', { class: `row s-${state}`, role: 'option', id: `row-${index}`,
    'data-index': index, 'aria-selected': String(index === view.index),
    'aria-setsize': view.items.length, 'aria-posinset': index + 1 },
  make('div', { class: 'row-head' }, badge(kind), make('span', { class: 'where' }, whereOf(item)),
    make('span', { class: 'sure' }, item.isFinding ? percent(item.confidence, 0) : ''),
    stateBadge(state)),
  make('div', { class: 'row-text', lang: 'ja' }, ...rowText(item)));
  row.style.transform = `translateY(${index * height}px)`;
  return row;
}

function whereOf(item) {
  const zone = item.isFinding ? item.zone : item;
  const page = w('page', { n: item.page.n });
  if (!zone) {
    return page;
  }
  return `${page} ${zone.table ? w('tableCell', zone)
    : WORDS[settings.language].zoneKinds[zone.kind] || ''}`;
}

/** In a row there is room for some characters about the difference. */
function rowText(item) {
  if (!item.isFinding) {
    const text = textOf(item);
    return [isCorrected(item) ? make('span', { class: 'tag' }, w('corrected')) : '',
      text.length > 90 ? `${text.slice(0, 90)}…` : text];
  }
  const holder = holderOf(item);
  const { before, expected, seen, after } = comparison(item, 6);
  return [isCorrected(holder) ? make('span', { class: 'tag' }, w('corrected')) : '', before,
    make('span', { class: 'side' }, ...expected),
    make('span', { class: 'arrow', 'aria-hidden': 'true' }, '→'), hidden(` ${w('seen')} `),
    make('span', { class: 'side' }, ...seen), after];
}

/** Expected and seen as nodes, the difference marked, and `around` characters of the zone about them. */
function comparison(finding, around) {
  const at = finding.zone ? placeInZone(finding) : null;
  const text = finding.zone ? characters(finding.zone.text) : [];
  const end = at === null ? 0 : at + characters(finding.expected).length;
  const context = (from, to) => make('span', { class: 'context' }, at === null ? ''
    : text.slice(Math.max(0, from), to).join(''));
  const runs = diff(finding.expected, finding.seen);
  const side = (name, mark) => {
    const inner = runs.filter(run => run[name]).map(run => run.same ? run[name]
      : make('mark', { class: mark }, run[name]));
    return inner.length ? inner : [make('span', { class: 'empty-text' }, w('nothing'))];
  };
  return { before: context((at ?? 0) - around, at ?? 0), expected: side('a', 'was'),
    seen: side('b', 'is'), after: context(end, end + around) };
}

// ---------------------------------------------------------------------------------- the panel

function showPanel() {
  const item = view.selected;
  const holder = item && holderOf(item);
  const kind = item ? item.isFinding ? item.kind : item.verdict : null;
  $('panel-title').replaceChildren(item ? badge(kind) : w('selectNothing'));
  $('panel-where').textContent = item ? panelWhere(item) : '';
  $('panel-state').replaceChildren(...item ? [stateBadge(stateOf(item))] : []);
  $('sentence').textContent = item ? sentenceOf(item, kind) : w('selectNothingSentence');
  showComparison(item, holder);
  showLooks(item);
  showActions(item, holder);
  showCrop(item);
}

function panelWhere(item) {
  const among = item.isFinding && item.zone ? item.zone.findings : [];
  return [whereOf(item), item.isFinding ? w('confidence', { percent: percent(item.confidence, 0) }) : '',
    among.length > 1 ? w('findingOf', { n: among.indexOf(item) + 1, all: among.length }) : '']
    .filter(Boolean).join(w('between'));
}

const sentenceOf = (item, kind) => kind === 'page' && item.expected && item.seen
  ? w('pageFinding', item) : kindWords(kind)[2];

function showComparison(item, holder) {
  const isFinding = Boolean(item && item.isFinding);
  $('expected-line').hidden = $('seen-line').hidden = !isFinding;
  $('text-line').hidden = !item || isFinding;
  $('corrected-line').hidden = !isCorrected(holder);
  if (isFinding) {
    const { before, expected, seen, after } = comparison(item, CONTEXT);
    $('expected').replaceChildren(before.cloneNode(true), ...expected, after.cloneNode(true));
    $('seen').replaceChildren(before, ...seen, after);
  } else if (item) {
    $('zone-text').replaceChildren(...markedText(item));
  }
  if (isCorrected(holder)) {
    $('corrected').replaceChildren(...correctedText(holder));
  }
}

function showLooks(item) {
  const looks = item && item.isFinding ? item.looks : [];
  $('looks-box').hidden = !looks.length;
  $('looks').replaceChildren(...looks.map(look => make('li', {},
    make('span', { class: 'by' }, WORDS[settings.language].looks[look.by] || look.by),
    make('span', { class: 'says', lang: 'ja' }, saidBy(look)),
    make('span', { class: 'sure' }, typeof look.confidence === 'number'
      ? percent(look.confidence, 0) : ''))));
}

function showActions(item, holder) {
  const isPage = Boolean(item && item.kind === 'page' && item.isFinding);
  $('act-confirm-words').textContent = w(isPage ? 'confirmPage'
    : isCorrected(holder) ? 'confirmCorrected' : 'confirmAsIs');
  $('actions').querySelectorAll('button').forEach(button => { button.disabled = !item; });
  $('act-take').disabled = !item || !canTake(item);
  $('act-edit').disabled = !holder;
  $('act-original').disabled = !isCorrected(holder);
}

// ------------------------------------------------------------------------------- the decisions

/** What "take what is seen" works on: the finding, or of a zone all that was seen there. */
function canTake(item) {
  return item.isFinding ? item.kind !== 'page' && Boolean(holderOf(item))
    : typeof item.seen === 'string';
}

function takenText(item) {
  if (!item.isFinding) {
    return item.seen;
  }
  return item.zone ? textWithSeen(item, textOf(item.zone)) : item.seen;
}

/** Puts what is seen in place of what was expected; false, with the reason said, if it cannot. */
function take() {
  const item = view.selected;
  if (!item || !canTake(item)) {
    say('saidNotEditable');
    return false;
  }
  const holder = holderOf(item), text = takenText(item);
  if (text === null || text === textOf(holder)) {
    say(text === null ? 'saidCannotTake' : 'saidSame');
    return text !== null;
  }
  change([{ item: holder, text }]);
  say('saidTaken', { text: item.seen || w('nothing') });
  return true;
}

function setState(state, word) {
  if (view.selected) {
    const item = view.selected, index = view.index;
    const isListed = view.items[index] === item;
    change(editsOfState(item, state));
    if (isListed) {
      stayOrMove(item, index);
    }
    say(word);
  }
}

/** Where a filter took the item out of the list, what came into its place is next. */
function stayOrMove(item, index) {
  if (!view.items.includes(item) && view.items.length) {
    select(view.items[Math.min(index, view.items.length - 1)]);
  }
}

function confirmAndNext() {
  const item = view.selected;
  if (!item) {
    return;
  }
  const inText = $('texts').contains(document.activeElement);
  const next = inText ? zoneAfter(item, 1) : openAfter(item);
  change(editsOfState(item, 'confirmed'));
  goOn(next.item, inText);
  say(!next.item ? 'saidAllDone' : next.wrapped ? 'saidFromTop' : 'saidConfirmed',
    { progress: $('progress-text').textContent });
}

function goOn(item, inText) {
  if (!item) {
    return;
  }
  select(item);
  if (inText) {
    focusZone(item);
  }
}

/** The next of the list that is not settled, from the top again at its end. */
function openAfter(item) {
  const count = view.items.length, start = view.index >= 0 ? view.index : view.last - 1;
  for (let step = 1; step <= count; step++) {
    const index = (start + step + count) % count;
    const each = view.items[index];
    if (each !== item && stateOf(each) !== 'confirmed') {
      return { item: each, wrapped: index < start };
    }
  }
  return { item: null, wrapped: false };
}

function zoneAfter(item, step) {
  const zone = item.isFinding ? item.zone || item.page.zones[item.page.zones.length - 1] : item;
  const zones = model.zones;
  return { item: zones[zones.indexOf(zone) + step] || null, wrapped: false };
}

function walk(step) {
  if (!view.items.length) {
    return;
  }
  const from = view.index >= 0 ? view.index + step : view.last;
  select(view.items[Math.min(Math.max(from, 0), view.items.length - 1)]);
}

function walkZones(step) {
  const item = view.selected ? zoneAfter(view.selected, step).item : model.zones[0];
  goOn(item, true);
}

function backToOriginal() {
  const holder = view.selected && holderOf(view.selected);
  if (isCorrected(holder)) {
    change([{ item: holder, text: null }]);
    say('saidOriginal');
  }
}

// --------------------------------------------------------------------------------- the editor

const drafts = new Map();
let editing = null;           // {holder, item, back}: what is edited, and where the focus was

function edit() {
  const item = view.selected, holder = item && holderOf(item);
  if (!holder) {
    say('saidNotEditable');
    return;
  }
  editing = { holder, item, back: document.activeElement };
  $('editing').hidden = false;
  document.body.classList.add('is-editing');
  const editor = $('editor');
  editor.value = drafts.get(holder) ?? textOf(holder);
  $('editing').querySelector('label').textContent = w(holder.isFinding ? 'editorLabelNew'
    : 'editorLabel');
  fitEditor();
  editor.focus();
  selectDoubt(editor, item);
}

/** The doubtful characters are marked in the editor, so that typing replaces them. */
function selectDoubt(editor, item) {
  const at = item.isFinding && item.zone && !isCorrected(item.zone) ? placeInZone(item) : null;
  if (at === null || drafts.has(item.zone)) {
    return;
  }
  const from = characters(item.zone.text).slice(0, at).join('').length;
  editor.setSelectionRange(from, from + item.expected.length);
}

function fitEditor() {
  const editor = $('editor');
  editor.style.height = 'auto';
  editor.style.height = `${Math.min(editor.scrollHeight + 4, 220)}px`;
}

function leaveEditor() {
  if (!editing) {
    return;
  }
  const { holder, back } = editing;
  const value = $('editor').value;
  if (value !== textOf(holder)) {
    drafts.set(holder, value);
    say('saidDraft');
  }
  closeEditor(back);
}

function closeEditor(back) {
  const hadFocus = $('editing').contains(document.activeElement);
  editing = null;
  $('editing').hidden = true;
  $('panel-body').scrollTop = 0;
  document.body.classList.remove('is-editing');
  if (hadFocus) {
    (back && back.isConnected && back !== document.body && !back.disabled ? back : $('list')).focus();
  }
}

function saveEdit() {
  const { holder, back } = editing;
  const text = $('editor').value.replace(originalOf(holder).includes('\n') ? /\r/g : /[\r\n]/g, '');
  drafts.delete(holder);
  closeEditor(back);
  if (text !== textOf(holder)) {
    change([{ item: holder, text }]);
    say('saidCorrected');
  }
}

// ------------------------------------------------------------------------------------- pictures

// A picture is decoded while someone holds it; a page does while it is near, the panel for its crop.
const pictures = new Map();   // page → {url, image, ready, holders}

function bytesOf(base64) {
  if (Uint8Array.fromBase64) {
    return Uint8Array.fromBase64(base64);
  }
  const binary = atob(base64.replace(/\s+/g, ''));
  return Uint8Array.from(binary, character => character.charCodeAt(0));
}

function holdPicture(page, holder) {
  const source = page.picture && $(page.picture);
  if (!source) {
    return null;
  }
  if (!pictures.has(page)) {
    const blob = new Blob([bytesOf(source.textContent.trim())], { type: source.dataset.type });
    const url = URL.createObjectURL(blob);
    const image = make('img', { src: url, alt: '', decoding: 'async', draggable: 'false' });
    const ready = image.decode().then(() => true, () => false);
    pictures.set(page, { url, image, ready, holders: new Set() });
  }
  pictures.get(page).holders.add(holder);
  return pictures.get(page);
}

function releasePicture(page, holder) {
  const picture = pictures.get(page);
  if (!picture) {
    return;
  }
  picture.holders.delete(holder);
  if (!picture.holders.size) {
    pictures.delete(page);
    picture.image.removeAttribute('src');
    URL.revokeObjectURL(picture.url);
  }
}

let cropPage = null;

/** The place of the item, enlarged, with some of what is about it. */
async function showCrop(item) {
  const canvas = $('crop');
  const isWhole = !item || !item.box;
  const picture = isWhole ? null : holdPicture(item.page, 'crop');
  if (cropPage && cropPage !== (picture && item.page)) {
    releasePicture(cropPage, 'crop');
  }
  cropPage = picture ? item.page : null;
  canvas.hidden = !picture;
  if (!picture) {
    return;
  }
  canvas.setAttribute('aria-label', w('crop', { page: pageWords(item.page),
    text: kindWords(item.isFinding ? item.kind : item.verdict)[1] }));
  if (await picture.ready && view.selected === item) {
    drawCrop(canvas, picture.image, item);
  }
}

/** The region of the page, in points, that fills a canvas of this shape with the box in it. */
function cropRegion(box, shape) {
  const wide = Math.max((box[2] - box[0]) * 1.25 + 24, 110);
  const high = Math.max((box[3] - box[1]) * 1.3 + 12, 30);
  const width = Math.max(wide, high / shape);
  const x = (box[0] + box[2]) / 2, y = (box[1] + box[3]) / 2;
  return [x - width / 2, y - width * shape / 2, width, width * shape];
}

function drawCrop(canvas, image, item) {
  const wide = canvas.clientWidth, high = canvas.clientHeight;
  if (!wide || !high) {
    return;
  }
  const ratio = Math.max(window.devicePixelRatio || 1, 1);
  canvas.width = Math.round(wide * ratio);
  canvas.height = Math.round(high * ratio);
  const [x, y, width, height] = cropRegion(item.box, high / wide);
  const covers = item.page.picture_box || [0, 0, item.page.width, item.page.height];
  const scaleX = canvas.width / width, scaleY = canvas.height / height;
  const pen = canvas.getContext('2d');
  pen.imageSmoothingQuality = 'high';
  pen.drawImage(image, (covers[0] - x) * scaleX, (covers[1] - y) * scaleY,
    (covers[2] - covers[0]) * scaleX, (covers[3] - covers[1]) * scaleY);
  const [x0, y0, x1, y1] = item.box;
  pen.strokeStyle = getComputedStyle(canvas).getPropertyValue('--frame').trim() || '#b03a00';
  pen.lineWidth = 2 * ratio;
  pen.strokeRect((x0 - 1.5 - x) * scaleX, (y0 - 1.5 - y) * scaleY,
    (x1 - x0 + 3) * scaleX, (y1 - y0 + 3) * scaleY);
}

// ---------------------------------------------------------------------------- pages as pictures

const percentOf = (value, from, to) => `${((value - from) / (to - from) * 100).toFixed(3)}%`;

function placeOnPage(element, box, page) {
  const [x0, y0, x1, y1] = page.view;
  element.style.left = percentOf(box[0], x0, x1);
  element.style.top = percentOf(box[1], y0, y1);
  element.style.width = percentOf(box[2] - box[0], 0, x1 - x0);
  element.style.height = percentOf(box[3] - box[1], 0, y1 - y0);
  return element;
}

/** A page's place in the pane; what is in it comes with fillPicture. */
function pictureSection(page) {
  const frame = make('div', { class: 'frame' });
  frame.style.aspectRatio = `${page.view[2] - page.view[0]} / ${page.view[3] - page.view[1]}`;
  return make('section', { class: 'page', 'data-page': page.index, 'aria-label': pageWords(page) },
    make('h3', { class: 'page-title' }), pageBanner(page), frame);
}

function fillPicture(page) {
  const section = $('pictures').children[page.index], frame = section.querySelector('.frame');
  if (section.classList.contains('is-filled')) {
    return;
  }
  section.classList.add('is-filled');
  const picture = holdPicture(page, 'page');
  if (picture) {
    const image = picture.image;
    image.alt = `${pageWords(page)} ${w('pagePicture')}`;
    frame.append(placeOnPage(image, page.picture_box || page.view, page));
  } else {
    frame.append(make('p', { class: 'no-picture' }, w('noPicture')));
  }
  const layer = make('div', { class: 'layer', 'aria-hidden': 'true' });
  layer.append(...page.zones.filter(zone => zone.box).map(overlayOf),
    ...page.findings.filter(finding => finding.zone ? finding.hasSpot : finding.box).map(overlayOf));
  frame.append(layer);
}

function emptyPicture(page) {
  const section = $('pictures').children[page.index];
  section.classList.remove('is-filled');
  section.querySelector('.frame').replaceChildren();
  releasePicture(page, 'page');
}

function pageBanner(page) {
  const finding = page.findings.find(each => each.kind === 'page');
  return finding ? make('button', { type: 'button', class: 'page-banner', 'data-finding': finding.key,
    tabindex: '-1' }, badge('page', false), ' ',
  finding.expected && finding.seen ? w('pageFinding', finding) : w('pageDoubt')) : null;
}

/** A zone; ink that no zone claims; or the spot in its zone that a finding is about. */
function overlayOf(item) {
  const kind = item.isFinding ? item.kind : item.verdict;
  const isBare = kind === 'agrees' || item.hasSpot;
  const element = make('div', { class: overlayClass(item, kind),
    [item.isFinding ? 'data-finding' : 'data-zone']: item.key,
    title: `${kindWords(kind)[1]}${w('between')}${w(stateOf(item))}` },
  isBare && (item.hasSpot || stateOf(item) === 'unseen') ? null : make('span', { class: 'flag' },
    kindWords(kind)[0] + (stateOf(item) === 'unseen' ? '' : STATE_MARKS[stateOf(item)])));
  return placeOnPage(element, item.box, item.page);
}

function overlayClass(item, kind) {
  const selected = view.selected && (view.selected === item || view.selected.zone === item);
  return `zone-box ${item.hasSpot ? 'spot ' : ''}${groupOf(kind)} k-${kind} s-${stateOf(item)}${selected ? ' is-selected' : ''}`;
}

const overlayFor = item => $('pictures').querySelector(
  `[${item.isFinding ? 'data-finding' : 'data-zone'}="${CSS.escape(item.key)}"].zone-box`);

// ------------------------------------------------------------------------------- pages as texts

/** A rough height for a page that was not made yet; its true one is kept when it was. */
function guessedHeight(page) {
  const lines = page.zones.reduce((sum, zone) => sum + Math.ceil((zone.text.length + 1) / 24), 0);
  return 60 + lines * 24 + page.zones.length * 7;
}

function textSection(page) {
  const section = make('section', { class: 'page', 'data-page': page.index,
    'aria-labelledby': `text-page-${page.n}` });
  section.style.minHeight = `${guessedHeight(page)}px`;
  return section;
}

function fillText(page) {
  const section = $('texts').children[page.index];
  if (section.classList.contains('is-filled')) {
    return;
  }
  section.classList.add('is-filled');
  const parts = [make('h3', { class: 'page-title', id: `text-page-${page.n}` })];
  const banner = pageBanner(page);
  if (banner) {
    parts.push(banner);
  }
  const loose = new Map();
  for (const finding of page.findings.filter(each => !each.zone && each.kind !== 'page')) {
    const after = zoneAbove(finding);
    loose.set(after, [...loose.get(after) || [], finding]);
  }
  const put = zone => parts.push(...(loose.get(zone) || []).map(textOfLoose));
  put(null);
  page.zones.forEach((zone, i) => {
    const last = page.zones[i - 1];
    if (zone.table && (!last || last.table !== zone.table || last.row !== zone.row)) {
      parts.push(make('p', { class: 'row-title' }, w('row', zone)));
    } else if (last && last.table && !zone.table) {
      parts.push(make('hr'));
    }
    parts.push(textOfZone(zone));
    put(zone);
  });
  section.replaceChildren(...parts);
  section.style.minHeight = '';
  refreshPage(page);
  if (filters.words) {
    highlight();
  }
}

function emptyText(page) {
  const section = $('texts').children[page.index];
  if (!section.contains(document.activeElement)) {
    section.classList.remove('is-filled');
    section.style.minHeight = `${section.offsetHeight}px`;
    section.replaceChildren();
  }
}

/** Ink that no zone claims stands after the zone that ends nearest above it. */
function zoneAbove(finding) {
  let best = null;
  for (const zone of finding.page.zones) {
    if (zone.box && finding.box && zone.box[1] <= finding.box[1]
        && (!best || zone.box[3] >= best.box[3])) {
      best = zone;
    }
  }
  return best;
}

function zoneClass(item, kind) {
  const selected = view.selected && (view.selected === item || view.selected.zone === item);
  return `zone ${groupOf(kind)} k-${kind} s-${stateOf(item)} z-${item.isFinding ? 'loose' : item.kind}`
    + `${selected ? ' is-selected' : ''}`;
}

function textOfZone(zone) {
  const state = stateOf(zone);
  const selected = view.selected && (view.selected === zone || view.selected.zone === zone);
  return make('div', { class: zoneClass(zone, zone.verdict), 'data-zone': zone.key,
    tabindex: selected ? '0' : '-1', 'aria-current': selected ? 'true' : null },
  gutterOf(zone.verdict, state, zone.findings.length > 0),
  make('div', { class: 'zone-text', lang: 'ja' },
    zone.table && zone.column ? make('span', { class: 'column', lang: settings.language },
      w('column', { n: zone.column })) : null,
    ...isCorrected(zone) ? correctedText(zone) : markedText(zone)));
}

function textOfLoose(finding) {
  const selected = view.selected === finding;
  return make('div', { class: zoneClass(finding, finding.kind), 'data-finding': finding.key,
    tabindex: selected ? '0' : '-1', 'aria-current': selected ? 'true' : null },
  gutterOf(finding.kind, stateOf(finding), true),
  make('div', { class: 'zone-text', lang: 'ja' },
    make('span', { class: 'column', lang: settings.language }, w('unclaimed')),
    ...isCorrected(finding) ? correctedText(finding)
      : [make('span', { class: 'ghost' }, finding.seen || '…')]));
}

function gutterOf(kind, state, hasFindings) {
  const isQuiet = kind === 'agrees';
  return make('div', { class: 'gutter' }, isQuiet ? null : badge(kind, false),
    state === 'unseen' && !hasFindings ? null : make('span', { class: `state ${state}`,
      title: w(state) }, make('span', { 'aria-hidden': 'true' }, STATE_MARKS[state]), hidden(w(state))));
}

/** The text of the document with what differs marked in place and what is seen written over it. */
function markedText(zone) {
  const parts = markedPart(zone, marksOf(zone), 0, characters(zone.text).length);
  return parts.some(part => part) ? parts : [make('span', { class: 'empty-text' }, w('nothing'))];
}

function markedPart(zone, marks, from, to) {
  const text = characters(zone.text), parts = [];
  for (const mark of marks.filter(each => each.from >= from && each.to <= to)) {
    if (mark.from >= from) {
      parts.push(text.slice(from, mark.from).join(''),
        markOf(text.slice(mark.from, mark.to).join(''), mark));
      from = mark.to;
    }
  }
  return [...parts, text.slice(from, to).join('')];
}

function markOf(base, mark) {
  const attributes = { class: `differs ${mark.finding ? groupOf(mark.finding.kind) : ''}`,
    'data-mark': mark.finding ? mark.finding.key : null };
  const words = hidden(` (${base ? '' : w('documentSays', { text: '' })}`
    + `${w('pictureSays', { text: mark.seen })}) `);
  const seen = mark.seen || w('nothingShort');
  if (base.length > LONG_RUN || seen.length > base.length + 3) {
    return make('span', attributes, make('span', { class: 'was' }, base || '‸'),
      make('span', { class: 'is', 'aria-hidden': 'true' }, seen), words);
  }
  return make('span', attributes, make('ruby', {}, base || '‸',
    make('rt', { 'aria-hidden': 'true' }, seen)), words);
}

/** What was taken out and put in; differences that the correction leaves are marked as before. */
function correctedText(holder) {
  const runs = diff(originalOf(holder), textOf(holder)), parts = [];
  const marks = holder.isFinding ? [] : marksBeside(runs, marksOf(holder));
  let at = 0;
  for (const run of runs) {
    const end = at + characters(run.a).length;
    parts.push(...run.same ? markedPart(holder, marks, at, end)
      : [make('span', { class: 'correction' }, run.a ? make('del', {}, run.a) : null,
        run.b ? make('ins', {}, run.b) : null)]);
    at = end;
  }
  return parts.length ? parts : [make('span', { class: 'empty-text' }, w('nothing'))];
}

/** The marks without those between two characters where something was corrected: it is about them. */
function marksBeside(runs, marks) {
  const edges = new Set();
  let at = 0;
  for (const run of runs) {
    const end = at + characters(run.a).length;
    if (!run.same) {
      edges.add(at).add(end);
    }
    at = end;
  }
  return marks.filter(mark => mark.from < mark.to || !edges.has(mark.from));
}

// ------------------------------------------------------------------------- pages: what both have

const textFor = item => $('texts').querySelector(
  `[${item.isFinding ? 'data-finding' : 'data-zone'}="${CSS.escape(item.key)}"].zone`);

function refreshZone(zone) {
  const text = textFor(zone);
  if (text) {
    replaceKeepingFocus(text, textOfZone(zone));
  }
  [zone, ...zone.findings].forEach(refreshOverlay);
}

function refreshLoose(finding) {
  const text = textFor(finding);
  if (text) {
    replaceKeepingFocus(text, textOfLoose(finding));
  }
  refreshOverlay(finding);
}

function refreshOverlay(item) {
  const overlay = overlayFor(item);
  if (overlay) {
    overlay.replaceWith(overlayOf(item));
  }
}

function replaceKeepingFocus(old, made) {
  const hadFocus = old.contains(document.activeElement);
  old.replaceWith(made);
  if (hadFocus) {
    made.focus({ preventScroll: true });
  }
}

function refreshPage(page) {
  for (const pane of ['pictures', 'texts']) {
    const title = $(pane).children[page.index].querySelector('.page-title');
    if (title) {
      title.replaceChildren(pageWords(page), make('span', { class: 'page-done' },
        [pageProgress(page), typeof page.agreement === 'number' && pane === 'texts'
          ? w('agreement', { percent: percent(page.agreement, 1) }) : ''].filter(Boolean)
        .join(w('between'))));
    }
  }
  const option = $('page-jump').options[page.index];
  if (option) {
    option.textContent = [pageWords(page), pageProgress(page)].filter(Boolean).join('  ');
  }
}

/** Marks what is selected in both panes, and brings it into sight. */
function showSelection(quiet) {
  for (const element of document.querySelectorAll('.zone.is-selected, .zone-box.is-selected')) {
    element.classList.remove('is-selected');
    element.removeAttribute('aria-current');
    if (element.tabIndex === 0) {
      element.tabIndex = -1;
    }
  }
  const item = view.selected;
  if (!item) {
    return;
  }
  const shown = item.isFinding && item.zone ? item.zone : item;
  driver = null;
  fillText(item.page);
  const text = textFor(shown);
  if (text) {
    text.classList.add('is-selected');
    text.tabIndex = 0;
    text.setAttribute('aria-current', 'true');
  }
  [overlayFor(shown), overlayFor(item)].filter(Boolean)
    .forEach(overlay => overlay.classList.add('is-selected'));
  if (!quiet) {
    scrollToItem(item, text);
  }
  showPageJump();
}

/** Scrolls only if the place is not well in sight. */
function bringTo(pane, top, height) {
  const margin = Math.min(60, pane.clientHeight / 8);
  if (top < pane.scrollTop + margin || top + height > pane.scrollTop + pane.clientHeight - margin) {
    pane.scrollTop = top - Math.max(margin, (pane.clientHeight - height) * EAR);
  }
}

const topIn = (element, pane) => element.getBoundingClientRect().top
  - pane.getBoundingClientRect().top + pane.scrollTop;

function scrollToItem(item, text) {
  const pane = $('pictures'), section = pane.children[item.page.index];
  const frame = section.querySelector('.frame');
  const [x0, y0, x1, y1] = item.page.view;
  if (item.box) {
    const scale = frame.clientHeight / (y1 - y0), scaleX = frame.clientWidth / (x1 - x0);
    bringTo(pane, topIn(frame, pane) + (item.box[1] - y0) * scale, (item.box[3] - item.box[1]) * scale);
    const left = (item.box[0] - x0) * scaleX, right = (item.box[2] - x0) * scaleX;
    if (left < pane.scrollLeft || right > pane.scrollLeft + pane.clientWidth) {
      pane.scrollLeft = left - 40;
    }
  } else {
    bringTo(pane, topIn(section, pane), pane.clientHeight);
  }
  const texts = $('texts');
  if (text) {
    bringTo(texts, topIn(text, texts), text.offsetHeight);
  } else {
    bringTo(texts, topIn(texts.children[item.page.index], texts), texts.clientHeight);
  }
}

function focusZone(item) {
  const element = textFor(item.isFinding && item.zone ? item.zone : item);
  if (element) {
    element.focus({ preventScroll: true });
  }
}

function goToPage(page) {
  view.page = page;
  driver = null;
  fillText(page);
  for (const pane of [$('pictures'), $('texts')]) {
    pane.scrollTop = topIn(pane.children[page.index], pane);
  }
  showPageJump();
}

/** Whether a page is within so many heights of the pane from what the pane shows. */
function isNearSight(section, pane, heights) {
  const sight = pane.getBoundingClientRect(), place = section.getBoundingClientRect();
  const margin = sight.height * heights;
  return sight.height > 0 && place.bottom >= sight.top - margin && place.top <= sight.bottom + margin;
}

/**
 * Makes pages as they come near a pane's viewport, and gives up those that are far. What the observer
 * tells may be long past when a busy browser tells it, so the place is looked at again.
 */
function watchPages(pane, fill, empty) {
  const pageFor = section => model.pages[Number(section.dataset.page)];
  const observer = new IntersectionObserver(entries => {
    [...pane.querySelectorAll('.page.is-filled')].filter(section => !isNearSight(section, pane, FAR))
      .forEach(section => empty(pageFor(section)));
    entries.map(entry => entry.target).filter(section => isNearSight(section, pane, NEAR_SIGHT))
      .forEach(section => fill(pageFor(section)));
  }, { root: pane, rootMargin: `${NEAR_SIGHT * 100}% 0px` });
  for (const section of pane.children) {
    observer.observe(section);
  }
  return () => observer.disconnect();
}

let unwatch = [];

function rebuildPages() {
  const kept = [$('pictures'), $('texts')].map(pane => pane.scrollTop);
  unwatch.forEach(stop => stop());
  model.pages.forEach(page => releasePicture(page, 'page'));
  $('pictures').replaceChildren(...model.pages.map(pictureSection));
  $('texts').replaceChildren(...model.pages.map(textSection));
  model.pages.forEach(refreshPage);
  unwatch = [watchPages($('pictures'), fillPicture, emptyPicture),
    watchPages($('texts'), fillText, emptyText)];
  $('pictures').scrollTop = kept[0];
  $('texts').scrollTop = kept[1];
  if (view.selected) {
    showSelection(false);
  }
}

// --------------------------------------------------------------------------- scrolling together

// The pane that the person moves; only its movement moves the other.
let driver = null;

/** Pairs of heights, in the text and in the picture, that show the same; both never go back. */
function pairsOf(page) {
  const texts = $('texts'), pane = $('pictures');
  const section = texts.children[page.index], frame = pane.children[page.index].querySelector('.frame');
  const top = topIn(frame, pane), scale = frame.clientHeight / (page.view[3] - page.view[1]);
  const pairs = [[topIn(section, texts), topIn(pane.children[page.index], pane)]];
  const zones = new Map(page.zones.map(zone => [zone.key, zone]));
  for (const element of section.querySelectorAll('.zone[data-zone]')) {
    const zone = zones.get(element.dataset.zone);
    if (zone.box) {
      const y = top + (zone.box[1] - page.view[1]) * scale;
      pairs.push([topIn(element, texts), Math.max(y, pairs[pairs.length - 1][1])]);
    }
  }
  pairs.push([topIn(section, texts) + section.offsetHeight,
    Math.max(top + frame.clientHeight, pairs[pairs.length - 1][1])]);
  return pairs;
}

function interpolate(pairs, value, from, to) {
  const after = pairs.findIndex(pair => pair[from] > value);
  if (after <= 0) {
    return after === 0 ? pairs[0][to] : pairs[pairs.length - 1][to];
  }
  const [a, b] = [pairs[after - 1], pairs[after]];
  return a[to] + (b[to] - a[to]) * (value - a[from]) / (b[from] - a[from]);
}

/** The page at a height of the pane. */
function pageAt(pane, height) {
  let low = 0, high = model.pages.length - 1;
  while (low < high) {
    const half = Math.ceil((low + high) / 2);
    if (topIn(pane.children[half], pane) <= height) {
      low = half;
    } else {
      high = half - 1;
    }
  }
  return model.pages[low];
}

function scrolled(pane) {
  if (driver !== pane || !model.pages.length) {
    return;
  }
  const isText = pane === $('texts'), other = isText ? $('pictures') : $('texts');
  const height = pane.scrollTop + pane.clientHeight * EAR;
  const page = pageAt(pane, height);
  if (page !== view.page) {
    view.page = page;
    showPageJump();
  }
  if (settings.together && other.clientHeight) {
    fillText(page);
    const there = interpolate(pairsOf(page), height, isText ? 0 : 1, isText ? 1 : 0);
    other.scrollTop = there - other.clientHeight * EAR;
  }
}

function driveFrom(pane) {
  let asked = false;
  for (const name of ['wheel', 'pointerdown', 'touchstart', 'keydown']) {
    pane.addEventListener(name, () => { driver = pane; }, { passive: true });
  }
  pane.addEventListener('scroll', () => {
    if (!asked) {
      asked = true;
      requestAnimationFrame(() => { asked = false; scrolled(pane); });
    }
  }, { passive: true });
}

// ----------------------------------------------------------------------------------------- zoom

let zoom = 1;

/** Keeps what is in the middle of the pane in its middle. */
function setZoom(value) {
  const pane = $('pictures');
  const middle = pane.scrollTop + pane.clientHeight / 2;
  const page = model.pages.length ? pageAt(pane, middle) : null;
  const section = page && pane.children[page.index];
  const part = section ? (middle - topIn(section, pane)) / section.offsetHeight : 0;
  const across = (pane.scrollLeft + pane.clientWidth / 2) / pane.scrollWidth;
  zoom = value;
  driver = null;
  pane.style.setProperty('--zoom', zoom);
  $('zoom-value').textContent = `${Math.round(zoom * 100)} %`;
  if (section) {
    pane.scrollTop = topIn(section, pane) + part * section.offsetHeight - pane.clientHeight / 2;
    pane.scrollLeft = across * pane.scrollWidth - pane.clientWidth / 2;
  }
}

function stepZoom(step) {
  const at = ZOOMS.findIndex(value => value >= zoom - 0.001);
  setZoom(ZOOMS[Math.min(Math.max(at + step, 0), ZOOMS.length - 1)]);
}

// --------------------------------------------------------------------- words searched for, in place

/** Where the browser can mark text without changing it, what is searched for is marked. */
function highlight() {
  if (!CSS.highlights) {
    return;
  }
  CSS.highlights.delete('found');
  const asked = $('search').value.trim().toLowerCase();
  if (!asked) {
    return;
  }
  const ranges = [];
  const walker = document.createTreeWalker($('texts'), NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node && ranges.length < 500; node = walker.nextNode()) {
    const text = node.data.toLowerCase();
    for (let at = text.indexOf(asked); at >= 0; at = text.indexOf(asked, at + asked.length)) {
      const range = new Range();
      range.setStart(node, at);
      range.setEnd(node, Math.min(at + asked.length, node.length));
      ranges.push(range);
    }
  }
  CSS.highlights.set('found', new Highlight(...ranges));
}

// ----------------------------------------------------------------------------------------- print

function fillPrint() {
  const head = ['printPage', 'printKind', 'expected', 'seen', 'corrected', 'printState'];
  const rows = model.byPlace.map(finding => {
    const holder = holderOf(finding), parts = comparison(finding, 0);
    return make('tr', {}, make('td', {}, String(finding.page.n)),
      make('td', {}, kindWords(finding.kind)[1]), make('td', { lang: 'ja' }, ...parts.expected),
      make('td', { lang: 'ja' }, ...parts.seen),
      make('td', { lang: 'ja' }, ...isCorrected(holder) ? correctedText(holder) : []),
      make('td', {}, stateBadge(stateOf(finding))));
  });
  $('print').replaceChildren(make('h1', {}, `${w('printTitle')} ${model.document}`),
    make('p', {}, [$('progress-text').textContent, $('agreement').textContent].join(w('between'))),
    make('table', {}, make('thead', {}, make('tr', {},
      ...head.map(name => make('th', { scope: 'col' }, w(name))))), make('tbody', {}, ...rows)));
}

// ------------------------------------------------------------------------------------------ keys

const COMMANDS = {
  enter: confirmAndNext,
  r: () => setState('again', 'saidAgain'),
  u: () => setState('unseen', 'saidUnseen'),
  t: take,
  e: edit,
  o: backToOriginal,
  z: undo,
  j: () => walk(1),
  k: () => walk(-1),
  arrowdown: () => inTextPane() ? walkZones(1) : walk(1),
  arrowup: () => inTextPane() ? walkZones(-1) : walk(-1),
  home: () => walk(-view.items.length),
  end: () => walk(view.items.length),
  '/': () => { showTab('list'); $('search').focus(); $('search').select(); },
  '+': () => stepZoom(1),
  '=': () => stepZoom(1),
  '-': () => stepZoom(-1),
  0: () => setZoom(1),
  '?': () => $('help-dialog').showModal(),
  escape: () => { showTab('list'); $('list').focus(); },
};

const inTextPane = () => $('texts').contains(document.activeElement);
const isField = element => element.matches('input:not([type=checkbox]), textarea, select');

function editorKey(event) {
  if (event.key === 'Escape') {
    leaveEditor();
  } else if (event.key === 'Enter' && event.ctrlKey) {
    saveEdit();
    confirmAndNext();
  } else if (event.key === 'Enter') {
    saveEdit();
  } else {
    return;
  }
  event.preventDefault();
}

function fieldKey(event) {
  if (event.key === 'Escape' || (event.key === 'Enter' && event.target === $('search'))) {
    event.preventDefault();
    $('list').focus();
    if (event.key === 'Enter' && view.items.length && view.index < 0) {
      walk(1);
    }
  }
}

/** Keys that the element under the focus needs itself: scrolling, pressing, choosing. */
function isOwnKey(event, name) {
  const target = event.target;
  const scrolls = ['arrowdown', 'arrowup', 'home', 'end'].includes(name);
  return (name === 'enter' && target.matches('button, a, input, summary'))
    || (scrolls && (target.matches('input') || target === $('pictures') || target === $('panel-body')))
    || (['home', 'end'].includes(name) && inTextPane());
}

function commandOf(event) {
  const name = event.key.normalize('NFKC').toLowerCase();
  const isSingle = characters(name).length === 1;
  if (event.altKey || event.metaKey || event.ctrlKey || (isSingle && !settings.keys)
      || isOwnKey(event, name)) {
    return null;
  }
  if (name === 'enter' && event.shiftKey) {
    return () => { if (take()) { confirmAndNext(); } };
  }
  return COMMANDS[name] || null;
}

function keyPressed(event) {
  if (event.isComposing || event.keyCode === 229 || document.querySelector('dialog[open]')) {
    return;
  }
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 's') {
    event.preventDefault();
    exportChoices();
  } else if (event.target === $('editor')) {
    editorKey(event);
  } else if (event.target instanceof Element && isField(event.target)) {
    fieldKey(event);
  } else {
    const command = commandOf(event);
    if (command) {
      event.preventDefault();
      command();
    }
  }
}

// ----------------------------------------------------------------------------------- the pointer

/** A pressed button gives the focus back to the list, so that keys go on from there. */
function onPress(id, action) {
  $(id).addEventListener('click', event => {
    action();
    if (event.detail > 0 && !editing && !document.querySelector('dialog[open]')) {
      $('list').focus({ preventScroll: true });
    }
  });
}

function itemOfElement(element) {
  const marked = element.closest('[data-mark]');
  if (marked) {
    return model.findingByKey.get(marked.dataset.mark);
  }
  const placed = element.closest('[data-finding], [data-zone]');
  if (!placed) {
    return null;
  }
  return placed.dataset.finding !== undefined ? model.findingByKey.get(placed.dataset.finding)
    : model.zoneByKey.get(placed.dataset.zone);
}

function pressedIn(pane, event) {
  const item = itemOfElement(event.target);
  if (!item || String(window.getSelection()).length) {
    return;
  }
  if (item.isFinding) {
    select(item);
  } else {
    selectZone(item);
  }
  if (pane === $('texts')) {
    focusZone(item);
  }
}

function showTab(name) {
  document.body.dataset.tab = name;
  document.querySelectorAll('.tabs [data-tab]').forEach(button => {
    button.setAttribute('aria-pressed', button.dataset.tab === name);
  });
  if (view.selected) {
    showSelection(false);
    showCrop(view.selected);
  }
  showList({ follow: true });
}

// ------------------------------------------------------------------------------------------ start

function listenToLists() {
  $('list').addEventListener('scroll', () => showList({}), { passive: true });
  $('list').addEventListener('click', event => {
    const row = event.target.closest('.row');
    if (row) {
      select(view.items[Number(row.dataset.index)]);
    }
  });
  for (const id of ['filter-kind', 'filter-state', 'filter-confidence', 'sort']) {
    $(id).addEventListener('change', filtersChanged);
  }
  for (const id of ['search', 'filter-page']) {
    $(id).addEventListener('input', filtersChanged);
  }
  $('mode-findings').addEventListener('click', () => setMode('findings'));
  $('mode-zones').addEventListener('click', () => setMode('zones'));
  onPress('found-elsewhere', () => setMode('zones'));
  onPress('clear-filters', clearFilters);
}

function listenToActions() {
  onPress('act-confirm', confirmAndNext);
  onPress('act-again', COMMANDS.r);
  onPress('act-unseen', COMMANDS.u);
  onPress('act-take', take);
  onPress('act-edit', edit);
  onPress('act-original', backToOriginal);
  onPress('act-previous', () => walk(-1));
  onPress('act-next', () => walk(1));
  $('editor-confirm').addEventListener('click', () => { saveEdit(); confirmAndNext(); });
  $('editor-save').addEventListener('click', saveEdit);
  $('editor-leave').addEventListener('click', leaveEditor);
  $('editor').addEventListener('input', fitEditor);
}

function listenToPanes() {
  for (const pane of [$('pictures'), $('texts')]) {
    driveFrom(pane);
    pane.addEventListener('click', event => pressedIn(pane, event));
  }
  $('zoom-in').addEventListener('click', () => stepZoom(1));
  $('zoom-out').addEventListener('click', () => stepZoom(-1));
  $('zoom-fit').addEventListener('click', () => setZoom(1));
  $('page-jump').addEventListener('change', () => goToPage(model.pages[Number($('page-jump').value)]));
  $('strip').addEventListener('click', event => {
    if (event.target.dataset.page !== undefined) {
      goToPage(model.pages[Number(event.target.dataset.page)]);
    }
  });
  document.querySelectorAll('.tabs [data-tab]').forEach(button => {
    button.addEventListener('click', () => showTab(button.dataset.tab));
  });
}

function listenToSetting(id, name, apply) {
  $(id).checked = settings[name];
  apply();
  $(id).addEventListener('change', () => {
    settings[name] = $(id).checked;
    apply();
    saveSettings();
  });
}

function listenToTools() {
  $('export').addEventListener('click', exportChoices);
  $('import').addEventListener('click', () => $('import-file').click());
  $('import-file').addEventListener('change', async () => {
    const [file] = $('import-file').files;
    if (file) {
      importText(await file.text());
      $('import-file').value = '';
    }
  });
  $('language').addEventListener('click', () => {
    setLanguage(settings.language === 'ja' ? 'en' : 'ja');
    saveSettings();
    say('saidLanguage');
  });
  $('help').addEventListener('click', COMMANDS['?']);
  document.querySelectorAll('[data-close]').forEach(button => {
    button.addEventListener('click', () => $(button.dataset.close).close());
  });
  listenToSetting('keys-on', 'keys', () => {});
  listenToSetting('scroll-together', 'together', () => {});
  listenToSetting('show-agreeing', 'agreeing', () => {
    document.body.classList.toggle('hides-agreeing', !settings.agreeing);
  });
}

function listenToWindow() {
  document.addEventListener('keydown', keyPressed);
  window.addEventListener('beforeprint', fillPrint);
  window.addEventListener('afterprint', () => $('print').replaceChildren());
  window.addEventListener('resize', () => {
    showList({ follow: true });
    showCrop(view.selected);
  });
  window.addEventListener('storage', event => {
    if (event.key === storageKey) {
      loadChoices();
      rebuildPages();
      showAll();
    }
  });
  window.addEventListener('beforeunload', event => {
    if (unsaved && !storage) {
      event.preventDefault();
    }
  });
}

function start() {
  storage = openStorage();
  loadChoices();
  settings = { ...settings, ...(storage && readStored(SETTINGS)) };
  if (!WORDS[settings.language]) {
    settings.language = /^ja\b/i.test(navigator.language || '') ? 'ja' : 'en';
  }
  $('storage-warning').hidden = Boolean(storage);
  $('self-check').hidden = !model.self_check;
  $('document-name').textContent = model.document;
  $('document-name').title = [model.document, model.source].filter(Boolean).join(' ← ');
  setLanguage(settings.language);
  listenToLists();
  listenToActions();
  listenToPanes();
  listenToTools();
  listenToWindow();
  const first = view.items.find(item => stateOf(item) !== 'confirmed') || view.items[0];
  if (first) {
    select(first);
  } else {
    setMode('zones');
    select(view.items[0] || null);
  }
  $('list').focus();
  document.body.classList.add('is-ready');
}

start();
})();
