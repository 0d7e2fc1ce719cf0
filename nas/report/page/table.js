'use strict';
// The table of trials: filtered, sorted, a page at a time, so that ten thousand of them stay quick.

const ROWS = 50;

const table = {sort: null, down: false, page: 0, text: '', state: '', kept: null, parts: {}};

function columns() {
  const trials = data.trials;
  const states = {title: 'state', of: i => trials.job[i] === EVALUATE ?
    data.states[trials.state[i]] : data.jobs[trials.job[i]] + ', ' + data.states[trials.state[i]]};
  const scores = data.objectives.map(objective => ({title: objective.metric, number: true,
    of: i => trials.metrics[objective.metric]?.[i] ?? null}));
  const budgets = trials.budget.some(budget => budget > 0) ?
    [{title: 'budget', number: true, of: i => trials.budget[i]}] : [];
  return [{title: 'trial', number: true, of: i => trials.number[i]}, states, ...scores, ...budgets,
    {title: 'seconds', number: true, of: i => +trials.seconds[i].toFixed(2)},
    {title: 'architecture', code: true, of: i => trials.reason[i] || trials.arch[i]}];
}

function isShown(i, list) {
  if (table.kept && !table.kept.has(i)) return false;
  if (table.state && data.states[data.trials.state[i]] !== table.state) return false;
  if (!table.text) return true;
  return list.some(column => String(column.of(i)).toLowerCase().includes(table.text));
}

/** Places of the trials to show, in order; what has no value comes last. */
function shownTrials(list) {
  const places = data.trials.number.map((_, i) => i).filter(i => isShown(i, list));
  if (table.sort === null) return places;
  const {of} = list[table.sort];
  const sign = table.down ? -1 : 1;
  return places.sort((a, b) => {
    const [x, y] = [of(a), of(b)];
    if (x === y) return a - b;
    if (x === null || x === '') return 1;
    if (y === null || y === '') return -1;
    return sign * (typeof x === 'number' ? x - y : x.localeCompare(y));
  });
}

function element(name, text, className = '') {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

function headRow(list) {
  const row = document.createElement('tr');
  list.forEach((column, place) => {
    const cell = element('th', '', column.number ? 'number' : '');
    const mark = table.sort === place ? (table.down ? ' ▾' : ' ▴') : '';
    const button = element('button', column.title + mark);
    button.addEventListener('click', () => {
      table.down = table.sort === place ? !table.down : false;
      table.sort = place;
      table.page = 0;
      drawTable();
    });
    cell.append(button);
    if (mark) cell.setAttribute('aria-sort', table.down ? 'descending' : 'ascending');
    row.append(cell);
  });
  return row;
}

function bodyRow(list, i) {
  const row = document.createElement('tr');
  for (const column of list) {
    const value = column.of(i);
    const cell = element('td', column.number ? number(value) : '', column.number ? 'number' :
      column.code ? 'text' : '');
    if (column.code) cell.append(element('code', value));
    else if (!column.number) cell.textContent = value;
    row.append(cell);
  }
  return row;
}

function drawTable() {
  const list = columns();
  const places = shownTrials(list);
  const pages = Math.max(1, Math.ceil(places.length / ROWS));
  table.page = Math.min(table.page, pages - 1);
  const {head, body, count, back, on, brush} = table.parts;
  head.replaceChildren(headRow(list));
  const from = table.page * ROWS;
  body.replaceChildren(...places.slice(from, from + ROWS).map(i => bodyRow(list, i)));
  count.textContent = places.length === 0 ? 'no trial' : (from + 1) + ' to ' +
    Math.min(from + ROWS, places.length) + ' of ' + places.length;
  back.disabled = table.page === 0;
  on.disabled = table.page === pages - 1;
  brush.hidden = table.kept === null;
}

function turn(pages) {
  table.page += pages;
  drawTable();
}

function tableControls() {
  const search = document.createElement('input');
  Object.assign(search, {type: 'search', placeholder: 'filter: architecture, state, number'});
  search.setAttribute('aria-label', 'filter trials');
  search.addEventListener('input', () => {
    table.text = search.value.trim().toLowerCase();
    table.page = 0;
    drawTable();
  });
  const state = document.createElement('select');
  state.setAttribute('aria-label', 'state');
  state.append(new Option('all states', ''), ...data.states.map(name => new Option(name, name)));
  state.addEventListener('change', () => {
    table.state = state.value;
    table.page = 0;
    drawTable();
  });
  const back = element('button', '‹');
  back.setAttribute('aria-label', 'page before');
  back.addEventListener('click', () => turn(-1));
  const on = element('button', '›');
  on.setAttribute('aria-label', 'next page');
  on.addEventListener('click', () => turn(1));
  const count = element('span', '');
  const brush = element('span', 'only those selected in the chart of choices');
  const controls = element('div', '', 'controls');
  controls.append(search, state, back, count, on, brush);
  Object.assign(table.parts, {back, on, count, brush});
  return controls;
}

function addTable() {
  const head = document.createElement('thead');
  const body = document.createElement('tbody');
  const whole = document.createElement('table');
  whole.append(head, body);
  const wide = element('div', '', 'wide');
  wide.append(whole);
  Object.assign(table.parts, {head, body});
  document.getElementById('trial-table').append(tableControls(), wide);
  drawTable();
}

function keepInTable(places) {
  table.kept = places;
  table.page = 0;
  drawTable();
}
