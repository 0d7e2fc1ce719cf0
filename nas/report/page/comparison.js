'use strict';
// Several runs on one page: best so far over trials and over time, and a table that links to them.

const BETWEEN_NEWS = 2000;  // milliseconds
const view = {over: 'trials'};

function metrics() {
  return [...new Set(data.runs.map(run => run.metric))];
}

/** The same folder may be shown twice. */
function title(run) {
  return '#' + run.path.split('/')[2] + ' ' + run.folder;
}

function comparisonOption(metric, colours) {
  const runs = data.runs.filter(run => run.metric === metric);
  const series = runs.map(run => ({id: run.path, name: title(run),
    type: 'line', step: 'end', symbol: run[view.over].length < 2 ? 'circle' : 'none',
    lineStyle: {width: 2}, emphasis: {focus: 'series'}, data: run[view.over]}));
  const option = plot(colours, {name: view.over === 'trials' ? 'trial' :
    'seconds since the first trial began', min: 0}, {name: 'best ' + metric}, series);
  option.tooltip.formatter = item => escaped(item.seriesName);
  for (const one of series) one.triggerLineEvent = true;
  option.legend = {...legend(colours), formatter: name => short(name, 40)};
  option.grid.top = 62;
  return option;
}

function row(run) {
  const made = document.createElement('tr');
  const link = document.createElement('a');
  link.href = run.path;
  link.textContent = title(run);
  const values = [run.name, run.state, run.count, run.failed, run.metric, number(run.best),
    duration(run.seconds)];
  const first = document.createElement('th');
  first.append(link);
  made.append(first, ...values.map(value => {
    const cell = document.createElement('td');
    cell.textContent = value;
    return cell;
  }));
  return made;
}

function drawRows() {
  document.getElementById('runs').replaceChildren(...data.runs.map(row));
}

function addControls(parent) {
  for (const over of ['trials', 'time']) {
    const button = document.createElement('button');
    button.textContent = 'over ' + over;
    button.setAttribute('aria-pressed', over === view.over);
    button.addEventListener('click', () => {
      view.over = over;
      for (const other of parent.children) other.setAttribute('aria-pressed', other === button);
      charts.forEach(drawChart);
    });
    parent.append(button);
  }
}

async function follow() {
  for (;;) {
    await new Promise(resolve => setTimeout(resolve, BETWEEN_NEWS));
    try {
      const answer = await fetch('/runs.json');
      if (!answer.ok) continue;
      Object.assign(data, await answer.json());
      drawRows();
      charts.forEach(drawChart);
    } catch {
      document.getElementById('freshness').textContent =
        'the server has gone; this is what it said last';
    }
  }
}

addControls(document.getElementById('over'));
for (const metric of metrics()) {
  addChart(document.getElementById('comparison-charts'), 'best ' + metric,
    colours => comparisonOption(metric, colours), 'tall');
}
drawRows();
drawAll();
follow();
