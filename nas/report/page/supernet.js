'use strict';
// Searches over the weights of a mixture: how they moved, and the signs of a collapse.

const INDICATORS = [
  ['architecture_entropy', 'entropy of the mixture (falls while the search decides)'],
  ['skip_connections', 'skip connections of the derived architecture (many: collapsed)'],
  ['dominant_eigenvalue', 'largest eigenvalue of the validation loss (growing: collapse)'],
];

function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** A line an option: its weight, mean over the edges. */
function weightOption(supernet, group, colours) {
  const series = group.options.map((name, option) => ({id: name, name, type: 'line', symbol: 'none',
    lineStyle: {width: 2}, emphasis: {focus: 'series'},
    data: group.epochs.map((rows, epoch) =>
      [supernet.epochs[epoch], mean(rows.map(row => row[option] ?? 0))])}));
  const option = plot(colours, {name: 'epoch'}, {name: 'mean weight', min: 0}, series);
  option.tooltip = tooltip(colours, {trigger: 'axis', valueFormatter: number, order: 'valueDesc'});
  option.legend = legend(colours);
  option.grid.top = 62;
  return option;
}

/** Edges by options after one epoch. */
function mixtureOption(group, epoch, colours) {
  const rows = group.epochs[epoch];
  const cells = rows.flatMap((row, r) => row.map((weight, o) => [o, r, weight ?? 0]));
  const axis = {axisLabel: {color: colours.soft, fontSize: 11}, axisTick: {show: false},
    axisLine: {show: false}, splitArea: {show: false}};
  const most = Math.max(...group.epochs.flat(2).map(weight => weight ?? 0));
  return {
    animation: false,
    textStyle: {fontFamily: 'system-ui, sans-serif'},
    grid: {left: 8, right: 12, top: 8, bottom: 8, containLabel: true},
    xAxis: {type: 'category', data: group.options, ...axis,
      axisLabel: {...axis.axisLabel, rotate: 35}},
    yAxis: {type: 'category', data: rows.map((_, r) => 'edge ' + r), inverse: true, ...axis},
    visualMap: {show: false, min: 0, max: most, inRange: {color: [colours.paper, colours.accent]}},
    tooltip: tooltip(colours, {formatter: item => 'edge ' + item.data[1] + ', ' +
      escaped(group.options[item.data[0]]) + ': ' + number(item.data[2])}),
    series: [{id: 'weights', type: 'heatmap', data: cells,
      itemStyle: {borderColor: colours.line, borderWidth: 1}}],
  };
}

function indicatorOption(supernet, name, colours) {
  const values = supernet.metrics[name];
  return {...plot(colours, {name: 'epoch'}, {}, [{id: name, name, type: 'line', symbol: 'circle',
    symbolSize: 5, lineStyle: {width: 2}, data: values.map((value, i) =>
      [supernet.epochs[i], value])}]),
  tooltip: tooltip(colours, {trigger: 'axis', valueFormatter: number})};
}

function heading(parent, text) {
  const h3 = document.createElement('h3');
  h3.textContent = text;
  parent.append(h3);
}

/** A slider over the epochs and the mixture after the one that it is at. */
function addMixture(parent, supernet, group) {
  const controls = document.createElement('label');
  controls.className = 'controls';
  const text = document.createElement('span');
  const slider = document.createElement('input');
  Object.assign(slider, {type: 'range', min: 0, max: group.epochs.length - 1,
    value: group.epochs.length - 1});
  const say = () => { text.textContent = 'weights after epoch ' + supernet.epochs[slider.value]; };
  say();
  controls.append(slider, text);
  parent.append(controls);
  const chart = addChart(parent, 'weights of ' + group.name,
    colours => mixtureOption(group, Number(slider.value), colours));
  chart.div.style.height = 1.3 * group.epochs[0].length + 6 + 'rem';
  slider.addEventListener('input', () => { say(); drawChart(chart); });
}

function addSupernets() {
  const parent = document.getElementById('supernet-charts');
  showSection('supernets', data.supernets.length > 0);
  for (const supernet of data.supernets.filter(one => one.epochs.length > 0)) {
    const of = data.supernets.length > 1 ? 'Trial ' + supernet.number + ': ' : '';
    for (const group of supernet.groups) {
      heading(parent, of + 'cell "' + group.name + '"');
      addChart(parent, 'weights of ' + group.name + ' by epoch',
        colours => weightOption(supernet, group, colours));
      addMixture(parent, supernet, group);
    }
    for (const [name, meaning] of INDICATORS) {
      if (!supernet.metrics[name]) continue;
      heading(parent, of + meaning);
      addChart(parent, name, colours => indicatorOption(supernet, name, colours));
    }
  }
}
