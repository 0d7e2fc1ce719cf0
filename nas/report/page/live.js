'use strict';
// A served report asks for news, and changes what has changed: scroll, zoom, filters stay.

const BETWEEN_NEWS = 2000;  // milliseconds

/** New content of a told section; what the reader had opened stays open. */
function replaceSection(id, html) {
  const section = document.getElementById(id);
  if (!section || section.dataset.told === html) return;
  const open = [...section.querySelectorAll('details')].map(details => details.open);
  section.innerHTML = html;
  section.querySelectorAll('details').forEach((details, i) => {
    if (i < open.length) details.open = open[i];
  });
  section.dataset.told = html;
}

/** Charts whose number depends on how far the run has come: where they stand, what adds them, and
    what tells that others are needed. */
const CHANGING = [
  ['curve-charts', addCurves,
    () => [data.curves.map(group => group.title), data.trial_curves.length > 0]],
  ['parallel-charts', () => addParallel(keepInTable),
    () => [varyingChoices().map(choice => choice.name),
      scored(data.objectives[0].metric).length > 1]],
  ['supernet-charts', addSupernets, () => data.supernets.map(supernet => supernet.epochs.length)],
];

function outlines() {
  return CHANGING.map(([, , outline]) => JSON.stringify(outline()));
}

/** Takes the charts away that stand below `id`. */
function clearCharts(id) {
  document.getElementById(id).replaceChildren();
  for (const chart of charts.filter(one => !one.div.isConnected)) chart.drawing?.dispose();
  charts.splice(0, charts.length, ...charts.filter(one => one.div.isConnected));
}

/** A trial that has ended does not change; those before this place have all ended. */
function keptTrials() {
  const going = ['waiting', 'running'].map(name => data.states.indexOf(name));
  const first = data.trials.state.findIndex(state => going.includes(state));
  return first < 0 ? data.trials.state.length : first;
}

/** Columns are told from place `from` on; a metric may be new, or in none of the new trials. */
function takeTrials(told, choices) {
  const {from, metrics, ...columns} = told;
  const count = columns.number.length;
  const grown = (known, fresh) => (known || Array(from).fill(null)).slice(0, from)
    .concat(fresh || Array(count).fill(null));
  const trials = data.trials;
  for (const name of Object.keys(columns)) trials[name] = grown(trials[name], columns[name]);
  for (const name of new Set([...Object.keys(trials.metrics), ...Object.keys(metrics)])) {
    trials.metrics[name] = grown(trials.metrics[name], metrics[name]);
  }
  choices.forEach((choice, i) => {
    data.choices[i].values = grown(data.choices[i].values, choice.values);
  });
}

function takeNews(news) {
  const before = outlines();
  const {trials, choices, ...rest} = news.data;
  takeTrials(trials, choices);
  Object.assign(data, rest);
  for (const [id, html] of Object.entries(news.sections)) replaceSection(id, html);
  outlines().forEach((outline, place) => {
    const [id, add] = CHANGING[place];
    if (outline === before[place]) return;
    clearCharts(id);
    add();
  });
  charts.forEach(drawChart);
  drawTable();
}

function sayWhetherFresh(text) {
  document.getElementById('freshness').textContent = text;
}

async function follow(path) {
  let version = data.version;
  for (;;) {
    try {
      const answer = await fetch(path + '?have=' + encodeURIComponent(version) + '&kept=' +
        keptTrials());
      if (answer.status === 200) {
        const news = await answer.json();
        version = news.version;
        takeNews(news);
      }
      sayWhetherFresh(answer.ok ? 'live' : 'the server reports: ' + await answer.text());
    } catch {
      sayWhetherFresh('the server has gone; this is what it said last');
    }
    await new Promise(resolve => setTimeout(resolve, BETWEEN_NEWS));
  }
}
