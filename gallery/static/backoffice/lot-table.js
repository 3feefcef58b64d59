// The sorting table without leaving the page: acts are sent one after the other, and what each changes is taken from the
// answer; rows that it leaves alone stay as they are, with what is ticked and written. Without this script the same form
// loads the page anew.
import '../oldest.js';
import { freshToken } from '../patience.js';
import { takeDrags } from './lot-dragging.js';
import { fieldsOf, fillLists, isWritten, saidIn, settle, writeAgain, writtenIn } from './lot-fields.js';
import { cellOf, rowsOf, takeKeys } from './lot-keys.js';
import { boxesOf, takeTicks, tickAgain, tickedIn } from './lot-ticks.js';
import { tell } from './telling.js';

// Pixels between the bar and a row to which was just jumped.
const NEAR = 24;
const AS_DATA = { Accept: 'application/json' };
const region = document.getElementById('waiting');
const form = () => region.querySelector('[data-sorting]');
const say = (text) => { const said = region.querySelector('[data-sorted]'); if (said) said.textContent = text; };
const fields = () => fieldsOf(region);
const boxes = (name) => boxesOf(region, name);

const reveal = () => {
  for (const each of region.querySelectorAll('[data-script]')) each.hidden = false;
};

// Where the focus was: the same field, else the same column of the row that now stands where the old one did; of an act's
// button that is gone, the first one of the bar.
const placeOf = (cell) => {
  const row = cell?.closest?.('tr[data-group]');
  const caret = [cell?.selectionStart, cell?.selectionEnd];
  return { id: cell?.id, column: cell?.dataset?.cell, row: row ? rowsOf(region).indexOf(row) : -1, isAct: cell?.name === 'acte' && !row, caret };
};

const restore = ({ id, column, row, isAct, caret }) => {
  const rows = rowsOf(region);
  const near = column && row >= 0 ? cellOf(rows[Math.min(row, rows.length - 1)], column, 0) : null;
  const target = (id && document.getElementById(id)) || near || (isAct ? region.querySelector('.lot-acts button') : null);
  if (target !== document.activeElement) target?.focus({ preventScroll: true });
  if (target?.id === id && Number.isInteger(caret[0])) target.setSelectionRange(...caret);
};

// What the officer looks at: the row of the focus, else the first one in sight, by its first photo; it stays where it is.
const lookedAt = () => {
  const inSight = (row) => row.getBoundingClientRect().bottom > 0;
  const row = document.activeElement?.closest?.('tr[data-group]') ?? rowsOf(region).find(inSight);
  const photo = row?.querySelector('[data-photo]');
  return { photo: photo?.dataset.photo, top: photo?.getBoundingClientRect().top ?? 0, y: window.scrollY };
};

const keepInPlace = ({ photo, top, y }) => {
  const there = photo && region.querySelector(`[data-photo="${CSS.escape(photo)}"]`);
  window.scrollTo({ top: there ? window.scrollY + there.getBoundingClientRect().top - top : y, behavior: 'instant' });
};

const keepSame = (fresh) => {
  for (const place of fresh.querySelectorAll('[data-same]')) {
    const row = document.getElementById(`groupe-${place.dataset.same}`);
    row.querySelector('.lot-name').textContent = place.dataset.name;
    place.replaceWith(row);
  }
};

// Which part of a date one is typing only its field knows, and forgets when it leaves the page: there it is moved, where browsers can.
const put = (fresh) => {
  const typed = region.querySelector('[type=date]:focus');
  const place = typed && fresh.querySelector(`#${typed.id}`);
  const old = [...region.childNodes];
  region.append(...fresh.childNodes);
  if (place && region.moveBefore) {
    place.parentNode.moveBefore(typed, place);
    typed.max = place.max;
    place.remove();
  }
  for (const each of old) each.remove();
};

const take = (text, before, isUsed = () => false) => {
  const page = new DOMParser().parseFromString(text, 'text/html');
  const [place, written, ticked, seen] = [placeOf(document.activeElement), writtenIn(region, before, isUsed), tickedIn(region), lookedAt()];
  // Imported first: pictures that pass through another document would be loaded again.
  const fresh = document.importNode(page.getElementById('waiting'), true);
  for (const each of region.querySelectorAll('details[open][id]')) fresh.querySelector(`#${each.id}`)?.setAttribute('open', '');
  keepSame(fresh);
  put(fresh);
  const messages = document.getElementById('messages');
  messages.replaceChildren(...page.getElementById('messages').childNodes);
  reveal();
  for (const each of written) writeAgain(region, each);
  tickAgain(region, ticked);
  restore(place);
  keepInPlace(seen);
  return messages.textContent.trim();
};

// Of the rows only the fields that were written in here: in the others another device may have written meanwhile.
const bodyFor = (name, more = {}) => {
  const body = new URLSearchParams(new FormData(form()));
  body.set('acte', name);
  body.set('envoi', crypto.getRandomValues(new Uint32Array(3)).join('-'));
  body.delete('groupe');
  for (const field of fields()) if (!isWritten(field)) body.delete(field.name);
  for (const row of new Set(fields().filter(isWritten).map((field) => field.closest('tr')))) body.append('groupe', row.dataset.group);
  for (const [field, values] of Object.entries(more)) {
    body.delete(field);
    for (const value of values) body.append(field, value);
  }
  return body;
};

const post = async (body) => {
  const answer = await fetch(form().action, { method: 'POST', body, headers: AS_DATA });
  return { isAccepted: answer.ok, ...await answer.json() };
};

const OF_TICKED = new Set(['reunir', 'separer', 'deplacer', 'appliquer']);
const untick = (body) => {
  for (const box of [...boxes('photo'), ...boxes('objet')]) if (body.getAll(box.name).includes(box.value)) box.checked = false;
};

let done = '';
// The second click of two on one button, whose row the first one has changed.
const isSecondClick = (name) => {
  const [, key] = name.split(/[:/]/);
  return name === done && key && !document.getElementById(`groupe-${key}`);
};

// Objects are made for as long as a request may last, then by another one: what was vouched for goes with each.
const OF_THE_LOT = new Set(['fiches', 'publier']);
// The act whose answer never came: the service may have done it, and knows it again by its key. It goes before any other.
let unheard = null;
// Nothing is made or published but by a press of that moment: of such an act only the body is kept, for the same press again.
let unmade = null;
const CHANGING = new Set(['envoi', 'csrf_token', 'suite', 'vu-alors', 'ailleurs-alors']);
const contentOf = (body) => JSON.stringify([...body].filter(([name]) => !CHANGING.has(name)));
// What these acts say besides their names, as it is when the button is pressed.
const SAID_BY = {
  appliquer: ['objet', 'tous', 'titre-tous', 'categorie-tous', 'matieres-tous', 'epoque-tous', 'affaire-tous'],
  publier: ['verifie', 'foves-par', 'foves-le'],
  'tout-garder': ['doute'],
};
// What these decide is decided of what was shown when the button was pressed: rows that come until it is done, or between
// two of its requests, nobody has looked at.
const DECIDING = new Set(['accepter', 'tout-accepter', 'garder', 'tout-garder', 'montrer', 'ajouter', 'ecarter', 'appliquer', 'fiches', 'publier']);
const SHOWN = ['vu', 'ailleurs'];
// Once done, what it was done with is of no more use; what was written there since is.
const USED_BY = { appliquer: SAID_BY.appliquer, deplacer: ['vers'] };
const isUsedBy = ({ name, body }) => (field) => USED_BY[name]?.includes(field.name) && saidIn(field) === (body.get(field.name) ?? '');
const isAlike = (one, other) => ['acte', 'photo', 'objet', 'vers', ...SAID_BY[other.get('acte')] ?? []]
  .every((name) => `${one.getAll(name)}` === `${other.getAll(name)}`);
// An answer that comes before the act is sent takes the tick away, and the officer may write on.
const saidBy = (button) => {
  const [sent, [name]] = [new FormData(form()), button.split(':')];
  const said = (SAID_BY[name] ?? []).map((each) => [each, sent.getAll(each)]);
  const shown = DECIDING.has(name) ? SHOWN.map((each) => [`${each}-alors`, sent.getAll(each)]) : [];
  return Object.fromEntries([...said, ...shown]);
};

// Pressed again with nothing changed, it is known by its key, so that what was made already is told and not made again.
const bodyOf = (name, more) => {
  const body = bodyFor(name, more);
  if (!unmade || !OF_THE_LOT.has(name) || contentOf(unmade) !== contentOf(body)) return body;
  unmade.set('csrf_token', body.get('csrf_token'));
  return unmade;
};

const answerTo = async (sent) => {
  let answer = await post(sent.body);
  if (answer.again === 'token') {
    await freshToken(form());
    sent.body.set('csrf_token', form().elements.csrf_token.value);
    answer = await post(sent.body);
  }
  return answer;
};

// Whatever waits goes first with the next act; what is pressed while it is not heard again is lost.
const missed = (isPressedAgain) => form().dataset[isPressedAgain ? 'failed' : 'waits'];

const deliver = async (sent) => {
  const { name, more, before } = sent;
  const isAgain = unheard === sent;
  if (OF_THE_LOT.has(name)) unmade = sent.body;
  else unheard = sent;
  form().setAttribute('aria-busy', 'true');
  try {
    const answer = await answerTo(sent);
    unheard = unmade = null;
    if (!answer.isAccepted) throw new Error(answer.sentence);
    if (answer.done && OF_TICKED.has(name) && !more.photo) untick(sent.body);
    const told = take(answer.page, before, answer.done ? isUsedBy(sent) : undefined);
    done = name;
    say(told || (more.photo ? form()?.dataset.moved : ''));
    if (!OF_THE_LOT.has(name)) return true;
    document.getElementById('messages').scrollIntoView({ block: 'center' });
    if (answer.rest) await send(name, { ...more, suite: ['oui'] });
    return true;
  } catch (fault) {
    form().removeAttribute('aria-busy');
    // What is no answer twice, as of a proxy that refuses it, holds up nothing more.
    if (isAgain && fault instanceof SyntaxError) unheard = null;
    say((fault instanceof TypeError || fault instanceof SyntaxError ? '' : fault.message) || missed(isAgain || unheard !== sent));
    return false;
  }
};

const send = async (name, more) => {
  if (!form() || isSecondClick(name)) return;
  // A second click on what was not answered is the first one again.
  const isRepeated = unheard && isAlike(unheard.body, bodyFor(name, more));
  if (unheard && !await deliver(unheard)) return;
  if (!form() || isSecondClick(name) || (isRepeated && !fields().some(isWritten))) return;
  const [act, about] = isRepeated ? ['noter', {}] : [name, more];
  await deliver({ name: act, more: about, body: bodyOf(act, about), before: new Map(fields().map((field) => [field, field.value])) });
};

// One after the other: none is lost, however quick the officer.
let last = Promise.resolve();
const act = (name, more = {}) => { last = last.then(() => send(name, more)); };

region.addEventListener('submit', (event) => {
  const button = event.submitter;
  if (!event.target.matches('[data-sorting]') || button?.name !== 'acte') return;
  event.preventDefault();
  act(button.value, saidBy(button.value));
});

window.addEventListener('online', () => { if (unheard) act('noter'); });

// More photos have come: what is written so far goes with the question for the new table.
const takeFirst = async () => {
  try {
    const answer = await fetch(location.href, { cache: 'no-store' });
    if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
    take(await answer.text(), new Map());
  } catch {
    tell(region.dataset.unseen);
  }
};
document.addEventListener('desk:refresh', () => (form() ? act('noter') : takeFirst()));

const undo = (event) => {
  const cell = event.target;
  if (event.shiftKey || event.key.toLowerCase() !== 'z' || !(event.ctrlKey || event.metaKey)) return;
  // In a field that was written in, the browser takes letters back.
  if (cell.matches?.('input:not([type=checkbox])') && cell.value !== cell.defaultValue) return;
  if (!form()?.querySelector('[data-undo]')) return;
  event.preventDefault();
  act('annuler');
};
region.addEventListener('keydown', undo);

fillLists(region);

// To the next row that is no object yet, below what is at the top; after the last one the link leads to another page, or back up.
region.addEventListener('click', (event) => {
  const link = event.target.closest('[data-next]');
  if (!link) return;
  const bar = region.querySelector('.lot-acts').offsetHeight;
  const below = (row) => row.getBoundingClientRect().top - bar;
  const row = rowsOf(region).find((each) => 'lacks' in each.dataset && below(each) > NEAR);
  if (!row) return;
  event.preventDefault();
  window.scrollBy({ top: below(row) - NEAR / 2, behavior: 'instant' });
  cellOf(row, 'objet', 0)?.focus({ preventScroll: true });
});

// What is written and not sent yet goes when the page is left, whichever way; a page to which one comes back may be old.
window.addEventListener('pagehide', () => {
  const written = form() ? fields().filter(isWritten) : [];
  // It may hold no more than 64 kB.
  const body = written.length ? bodyFor('noter', { ailleurs: [] }) : null;
  if (body && navigator.sendBeacon(form().action, body)) written.forEach(settle);
});
window.addEventListener('pageshow', ({ persisted }) => { if (persisted) act('noter'); });

takeDrags(region, act);
takeKeys(region);
takeTicks(region);
new MutationObserver(reveal).observe(region, { childList: true });
reveal();
