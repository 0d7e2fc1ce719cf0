'use strict';
// Scores over trials and over time, the Pareto front, learning curves.

const EVALUATE = data.jobs.indexOf('evaluate');
const COMPLETE = data.states.indexOf('complete');

function trialText(i) {
  const trials = data.trials;
  const lines = ['trial ' + trials.number[i]];
  for (const objective of data.objectives) {
    const value = trials.metrics[objective.metric]?.[i];
    if (value !== null && value !== undefined) lines.push(objective.metric + ' ' + number(value));
  }
  if (trials.reason[i]) lines.push(trials.reason[i]);
  lines.push(short(trials.arch[i], 300));
  return lines.filter(line => line).map(escaped).join('<br>');
}

/** Places of the trials that count as scores of an objective. */
function scored(metric) {
  const column = data.trials.metrics[metric] || [];
  const places = [];
  for (let i = 0; i < column.length; ++i) {
    if (column[i] !== null && data.trials.job[i] !== data.jobs.indexOf('screen') &&
        data.trials.state[i] === COMPLETE) places.push(i);
  }
  return places;
}

function better(objective, a, b) {
  return objective.goal === 'maximize' ? a > b : a < b;
}

/** [x, best so far] where it improves, and at the end. */
function bestSoFar(objective, places, xOf) {
  const column = data.trials.metrics[objective.metric];
  const order = places.slice().sort((a, b) => xOf(a) - xOf(b));
  const steps = [];
  for (const i of order) {
    const best = steps.at(-1)?.[1];
    if (best === undefined || better(objective, column[i], best)) steps.push([xOf(i), column[i]]);
  }
  if (order.length) steps.push([xOf(order.at(-1)), steps.at(-1)[1]]);
  return steps;
}

const scoreAxis = {over: 'trials'};

/** What a score stands over: the trial's number, or when it ended, in a fitting unit. */
function scorePlace() {
  const trials = data.trials;
  if (scoreAxis.over === 'trials') return {name: 'trial', of: i => trials.number[i], text: number};
  let last = 0;
  for (let i = 0; i < trials.number.length; ++i) last = Math.max(last, trials.started[i] || 0);
  const [unit, seconds] = last > 7200 ? ['hours', 3600] : last > 120 ? ['minutes', 60] :
    ['seconds', 1];
  return {name: unit + ' since the first trial began',
    of: i => ((trials.started[i] || 0) + trials.seconds[i]) / seconds};
}

function scoreOption(objective, colours) {
  const places = scored(objective.metric);
  const x = scorePlace();
  const column = data.trials.metrics[objective.metric] || [];
  const failed = [];
  data.trials.reason.forEach((reason, i) => { if (reason) failed.push(i); });
  const foot = places.reduce((least, i) => Math.min(least, column[i]), Infinity);
  const option = plot(colours, {name: x.name, min: 0}, {name: objective.metric}, [
    {id: 'score', name: 'score', type: 'scatter', symbolSize: places.length > 2000 ? 4 : 7,
      itemStyle: {color: colours.accent, opacity: .55},
      data: places.map(i => [x.of(i), column[i], i])},
    {id: 'best', name: 'best so far', type: 'line', step: 'end', symbol: 'none',
      lineStyle: {color: colours.ink, width: 1.6}, itemStyle: {color: colours.ink},
      data: bestSoFar(objective, places, x.of), tooltip: {show: false}},
    {id: 'failed', name: 'failed', type: 'scatter', symbol: 'path://M0 0L8 8M0 8L8 0',
      symbolSize: 7,
      itemStyle: {color: 'transparent', borderColor: colours.bad, borderWidth: 1.6},
      data: foot === Infinity ? [] : failed.map(i => [x.of(i), foot, i])}]);
  option.tooltip.formatter = item => trialText(item.data[2]);
  option.legend = legend(colours);
  option.grid.top = 62;
  return option;
}

function addScores() {
  const parent = document.getElementById('score-charts');
  const controls = document.createElement('div');
  controls.className = 'controls';
  for (const over of ['trials', 'time']) {
    const button = document.createElement('button');
    button.textContent = 'over ' + over;
    button.setAttribute('aria-pressed', over === scoreAxis.over);
    button.addEventListener('click', () => {
      scoreAxis.over = over;
      for (const other of controls.children) {
        other.setAttribute('aria-pressed', other === button);
      }
      for (const chart of drawn) {
        chart.drawing.dispatchAction({type: 'dataZoom', start: 0, end: 100});
        drawChart(chart);
      }
    });
    controls.append(button);
  }
  parent.append(controls);
  const drawn = data.objectives.map(objective => addChart(parent, objective.metric + ' over trials',
    colours => scoreOption(objective, colours)));
}

function frontOption(colours) {
  const [first, second] = data.objectives;
  const xs = data.trials.metrics[second.metric] || [];
  const ys = data.trials.metrics[first.metric] || [];
  const front = new Set(data.front);
  const rest = scored(first.metric).filter(i => xs[i] !== null && xs[i] !== undefined &&
    !front.has(i));
  const line = data.front.slice().sort((a, b) => xs[a] - xs[b]);
  const option = plot(colours, {name: second.metric}, {name: first.metric}, [
    {id: 'rest', name: 'other trials', type: 'scatter', symbolSize: 6,
      itemStyle: {color: colours.soft, opacity: .4}, data: rest.map(i => [xs[i], ys[i], i])},
    {id: 'front', name: 'front', type: 'line', symbol: 'circle', symbolSize: 9,
      lineStyle: {width: data.objectives.length === 2 ? 1 : 0, color: colours.accent},
      itemStyle: {color: colours.accent}, data: line.map(i => [xs[i], ys[i], i])}]);
  option.tooltip.formatter = item => trialText(item.data[2]);
  option.legend = legend(colours);
  option.grid.top = 62;
  return option;
}

function addFront() {
  showSection('front-drawn', data.objectives.length > 1);
  if (data.objectives.length < 2) return;
  addChart(document.getElementById('front-charts'), 'Pareto front', frontOption);
}

function curveOption(group, colours) {
  const option = plot(colours, {name: group.unit, min: 0}, {}, group.curves.map(curve => ({
    id: curve.label, name: curve.label, type: 'line',
    symbol: curve.x.length < 2 ? 'circle' : 'none',
    lineStyle: {width: 2}, emphasis: {focus: 'series'},
    data: curve.x.map((x, i) => [x, curve.y[i]])})));
  option.tooltip = tooltip(colours, {trigger: 'axis', valueFormatter: number});
  option.legend = legend(colours);
  return option;
}

/** The best trials' curves of the first objective, faint but for the best one. */
function trialCurveOption(metric, colours) {
  const series = data.trial_curves.filter(curve => curve.metrics[metric]).map((curve, place) => ({
    id: 'trial ' + curve.number, name: 'trial ' + curve.number, type: 'line',
    symbol: curve.metrics[metric].x.length < 2 ? 'circle' : 'none', z: place === 0 ? 3 : 2,
    lineStyle: {width: place === 0 ? 2.5 : 1, opacity: place === 0 ? 1 : .45},
    color: place === 0 ? colours.accent : colours.soft,
    emphasis: {lineStyle: {width: 3, opacity: 1}},
    triggerLineEvent: true, data: curve.metrics[metric].x.map((x, i) =>
      [x, curve.metrics[metric].y[i]])}));
  const option = plot(colours, {name: 'step', min: 0}, {name: metric}, series);
  option.tooltip.formatter = item => escaped(item.seriesName) +
    (item.data ? '<br>' + number(item.data[1]) : '');
  return option;
}

/** The metric of the first objective where curves have it, else an accuracy or a loss. */
function curveMetric() {
  const names = new Set(data.trial_curves.flatMap(curve => Object.keys(curve.metrics)));
  const wanted = [data.objectives[0].metric, 'validation_accuracy', 'train_accuracy'];
  return wanted.find(name => names.has(name)) || [...names][0];
}

function addCurves() {
  const parent = document.getElementById('curve-charts');
  const heading = text => {
    const h3 = document.createElement('h3');
    h3.textContent = text;
    parent.append(h3);
  };
  const metric = curveMetric();
  if (metric) {
    heading('The ' + data.trial_curves.length + ' best trials, the very best in colour');
    addChart(parent, metric + ' of the best trials', colours => trialCurveOption(metric, colours));
  }
  data.curves.forEach((group, place) => {
    heading(group.title);
    addChart(parent, group.title, colours => curveOption(data.curves[place] || group, colours));
  });
  showSection('curves', Boolean(metric) || data.curves.length > 0);
}
