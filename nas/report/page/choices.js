'use strict';
// Parallel coordinates: choices and scores, with brushes that also filter the table.

const MOST_AXES = 14;
const MOST_LINES = 2000;

/** Choices that differ between trials; of more than there is room for the first. */
function varyingChoices() {
  const differs = choice => {
    const values = choice.values.filter(value => value !== null);
    return values.some(value => value !== values[0]);
  };
  const room = MOST_AXES - data.objectives.length;
  return data.choices.filter(differs).slice(0, room);
}

/** The best trials and an even choice of the others, so that a large search stays readable. */
function drawnTrials() {
  const objective = data.objectives[0];
  const column = data.trials.metrics[objective.metric] || [];
  const sign = objective.goal === 'maximize' ? -1 : 1;
  const order = scored(objective.metric).sort((a, b) => sign * (column[a] - column[b]));
  if (order.length <= MOST_LINES) return order.reverse();
  const best = order.slice(0, MOST_LINES / 2);
  const rest = order.slice(MOST_LINES / 2);
  const step = rest.length / (MOST_LINES / 2);
  for (let i = 0; i < MOST_LINES / 2; ++i) best.push(rest[Math.floor(i * step)]);
  return best.reverse();
}

function parallelAxis(choice, place, colours, narrow) {
  const label = {color: colours.ink, fontSize: 11, hideOverlap: true,
    textBorderColor: colours.paper, textBorderWidth: 3};
  const axis = {dim: place, z: 10, name: short(choice.name, narrow ? 13 : 18),
    nameTextStyle: {color: colours.ink, fontSize: 11}, nameLocation: 'end',
    axisLine: {lineStyle: {color: colours.soft}}, axisLabel: label, axisTick: {show: !narrow}};
  if (choice.options) {
    label.formatter = text => short(text, narrow ? 8 : 16);
    return {...axis, type: 'category', data: choice.options};
  }
  label.formatter = number;
  return {...axis, type: choice.log ? 'log' : 'value', scale: true};
}

function parallelOption(chart, colours) {
  const narrow = chart.div.clientWidth < 560;
  const choices = varyingChoices();
  const scores = data.objectives.map(objective => ({name: objective.metric, log: false,
    values: data.trials.metrics[objective.metric] || []}));
  const columns = [...choices, ...scores];
  chart.rows = drawnTrials();
  const rows = chart.rows.map(i => columns.map(column => column.values[i] ?? NaN));
  const first = choices.length;
  const values = rows.map(row => row[first]);
  const goal = data.objectives[0].goal;
  return {
    animation: false,
    textStyle: {fontFamily: 'system-ui, sans-serif'},
    parallel: {layout: narrow ? 'vertical' : 'horizontal', left: narrow ? 12 : 44,
      right: narrow ? 90 : 60, top: narrow ? 20 : 44, bottom: narrow ? 26 : 20,
      axisExpandable: false,
      parallelAxisDefault: {areaSelectStyle: {color: colours.accent, borderColor: colours.accent,
        opacity: .3}, realtime: chart.rows.length < 500}},
    parallelAxis: columns.map((column, i) => parallelAxis(column, i, colours, narrow)),
    visualMap: {show: false, dimension: first, min: Math.min(...values), max: Math.max(...values),
      inRange: {color: goal === 'maximize' ? [colours.low, colours.high] :
        [colours.high, colours.low]}},
    series: [{id: 'trials', type: 'parallel', smooth: false, progressive: 500, inactiveOpacity: .03,
      lineStyle: {width: rows.length > 500 ? 1 : 1.4, opacity: rows.length > 500 ? .2 : .7},
      data: rows}],
  };
}

function addParallel(onBrush) {
  const shown = varyingChoices().length > 0 && scored(data.objectives[0].metric).length > 1;
  showSection('parallel', shown);
  if (!shown) return;
  const chart = addChart(document.getElementById('parallel-charts'), 'choices and scores',
    colours => parallelOption(chart, colours), 'tall');
  if (innerWidth < 640) {
    chart.div.style.height = 3.2 * (varyingChoices().length + data.objectives.length) + 3 + 'rem';
  }
  chart.listeners.push(['axisareaselected', () => {
    const series = chart.drawing.getModel().getSeriesByIndex(0);
    const active = series.getRawIndicesByActiveState('active');
    const all = active.length === 0 &&
      series.getRawIndicesByActiveState('normal').length === chart.rows.length;
    onBrush(all ? null : new Set(active.map(row => chart.rows[row])));
  }]);
}
