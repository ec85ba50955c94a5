// SPDX-License-Identifier: GPL-3.0-or-later
//
// What was found, which never changes; differences between texts; what a person decides, kept in the browser;
// and as a file of corrections, out and in.
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

/** What was corrected before and is in the document already, or did not fit: an export says it again, so
 *  that one file holds all. A zone's is in `before`: the text that its correction is anchored to. */
function carry(data) {
  const placed = (data.corrections || []).filter(each => {
    const page = model.pageByNumber.get(each.page);
    const zone = page && each.zone !== null && page.zoneById.get(each.zone);
    if (zone) {
      zone.before = each;
    }
    return zone;
  });
  return (data.corrections || []).filter(each => !placed.includes(each));
}

const model = modelOf(JSON.parse($('data').textContent));

model.unplaced = carry(model);

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
  const before = item.isFinding ? undefined : item.before;
  const own = before || isCorrected(item) ? `\n    <new>${escaped(textOf(item))}</new>` : '';
  const state = before && !item.findings.length && !choiceOf(item).state ? before.state : stateOf(item);
  const about = item.isFinding ? [['kind', item.kind], ['at', item.at >= 0 ? item.at : null],
    ['expected', item.expected], ['seen', item.seen]] : [];
  const attributes = attributesOf([['page', item.page.n], ['zone', zoneIdOf(item)],
    ['box', boxWords(boxOf(item))], ['state', state], ...about]);
  const old = before ? before.old : zone ? zone.text : '';
  return correctionXml(attributes, old, own);
}

const correctionXml = (attributes, old, own) =>
  `  <correction${attributes}>\n    <old>${escaped(old)}</old>${own}\n  </correction>\n`;

/** One that has no place in this document, as it was. */
const unplacedXml = each => correctionXml(attributesOf([['page', each.page],
  ['box', boxWords(each.box)], ['state', each.state]]), each.old, `\n    <new>${escaped(each.new)}</new>`);

/** All that was decided, now or before, page by page; a zone before its findings. */
function decided() {
  return model.pages.flatMap(page => [...page.zones.flatMap(zone => [zone, ...zone.findings]),
    ...page.findings.filter(finding => !finding.zone)])
    .filter(item => tableOf(item).has(item.key) || item.before);
}

function correctionsXml(items) {
  const attributes = attributesOf([['xmlns', NAMESPACE], ['document', model.document],
    ['sha256', model.sha256], ['made', new Date().toISOString()]]);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<corrections${attributes}>\n`
    + `${items.map(correctionOf).join('')}${model.unplaced.map(unplacedXml).join('')}</corrections>\n`;
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
    && [item.isFinding && !item.zone ? '' : (item.zone || item).text, item.before && item.before.old]
      .some(text => typeof text === 'string' && bare(text) === bare(entry.old));
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
