// SPDX-License-Identifier: GPL-3.0-or-later
//
// The list: filters, rows, the panel of the one that is chosen, decisions and the editor.

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
