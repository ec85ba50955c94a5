// SPDX-License-Identifier: GPL-3.0-or-later
//
// Pages as pictures and as texts, made when they come near; scrolling together, zoom, words searched for.

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
