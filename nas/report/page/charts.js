'use strict';
// What all charts share: the data, the colours of the page, and their life on it.

const data = JSON.parse(document.getElementById('data').textContent);

/** Colours that differ also for the colour-blind, on light and on dark. */
const SERIES = ['#3987e5', '#d9822b', '#2e9e5b', '#c44e9b', '#8a6fd1', '#8c8c8c', '#b59f00',
  '#14a3a8', '#b5564d', '#5d77a8'];

/** The page's own colours; they change with light, dark and print. */
function palette() {
  const style = getComputedStyle(document.documentElement);
  const colour = name => style.getPropertyValue('--' + name).trim();
  return {ink: colour('ink'), paper: colour('paper'), soft: colour('soft'), line: colour('line'),
    accent: colour('accent'), bad: colour('bad'), low: colour('low'), high: colour('high')};
}

/** Texts come from configurations and programs; charts take tooltips as HTML. */
function escaped(text) {
  return String(text).replace(/[&<>"']/g, c => '&#' + c.charCodeAt(0) + ';');
}

function short(text, most) {
  return text.length > most ? text.slice(0, most - 1) + '…' : text;
}

function number(value) {
  if (value === null || value === undefined) return '';
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e7 || size < 1e-4)) return value.toExponential(3);
  return String(+value.toPrecision(6));
}

/** 4000 -> "1 h 7 min" */
function duration(seconds) {
  if (seconds < 60) return number(+seconds.toFixed(1)) + ' s';
  if (seconds < 3600) return Math.floor(seconds / 60) + ' min ' + Math.round(seconds % 60) + ' s';
  return Math.floor(seconds / 3600) + ' h ' + Math.round(seconds % 3600 / 60) + ' min';
}

const charts = [];

/** A div below `parent` whose chart `describe(colours)` says; drawn when its turn comes, again when
    colours change, and by redraw() when data do. */
function addChart(parent, label, describe, className = '') {
  const div = document.createElement('div');
  div.className = 'drawn ' + className;
  div.setAttribute('role', 'img');
  div.setAttribute('aria-label', label);
  parent.append(div);
  const chart = {div, describe, drawing: null, listeners: []};
  charts.push(chart);
  return chart;
}

function drawChart(chart) {
  if (!chart.div.isConnected) return;
  if (!chart.drawing) {
    chart.drawing = echarts.init(chart.div);
    for (const [event, listener] of chart.listeners) chart.drawing.on(event, listener);
    new ResizeObserver(() => chart.drawing.resize()).observe(chart.div);
  }
  chart.drawing.setOption(chart.describe(palette()), {replaceMerge: ['series']});
}

/** One after the other, so that the page can be read and scrolled meanwhile. */
function drawAll() {
  const waiting = charts.slice();
  document.documentElement.setAttribute('aria-busy', 'true');
  const next = () => {
    if (waiting.length === 0) return document.documentElement.removeAttribute('aria-busy');
    drawChart(waiting.shift());
    setTimeout(next, 0);
  };
  next();
}

function recolour() {
  for (const chart of charts) if (chart.drawing) drawChart(chart);
}

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', recolour);
matchMedia('print').addEventListener('change', recolour);

/** Axes, grid, zoom and tooltip as all plots over two axes have them. */
function plot(colours, x, y, series) {
  const axis = {nameTextStyle: {color: colours.soft}, axisLabel: {color: colours.soft},
    axisLine: {lineStyle: {color: colours.line}}, splitLine: {lineStyle: {color: colours.line}},
    scale: true};
  return {
    animation: false,
    textStyle: {fontFamily: 'system-ui, sans-serif'},
    color: SERIES,
    grid: {left: 8, right: 18, top: 40, bottom: 34, containLabel: true},
    xAxis: {...axis, nameLocation: 'middle', nameGap: 28, splitLine: {show: false},
      axisLabel: {...axis.axisLabel, alignMaxLabel: 'right'}, ...x},
    yAxis: {...axis, nameGap: 14, nameTextStyle: {color: colours.soft, align: 'left'}, ...y},
    tooltip: tooltip(colours, {trigger: 'item'}),
    // Scrolling the page past a chart must not zoom it.
    dataZoom: [{type: 'inside', xAxisIndex: 0, zoomOnMouseWheel: 'ctrl', filterMode: 'none'}],
    toolbox: {right: 8, top: 0, itemSize: 13, iconStyle: {borderColor: colours.soft},
      feature: {dataZoom: {filterMode: 'none', title: {zoom: 'zoom', back: 'back'}},
        restore: {title: 'all'}}},
    series,
  };
}

function tooltip(colours, more) {
  return {confine: true, backgroundColor: colours.paper, borderColor: colours.line,
    textStyle: {color: colours.ink, fontSize: 13},
    extraCssText: 'max-width: 26rem; white-space: normal; overflow-wrap: anywhere;', ...more};
}

function legend(colours) {
  return {type: 'scroll', top: 0, left: 0, right: 90, itemWidth: 16, itemHeight: 8,
    textStyle: {color: colours.soft},
    pageTextStyle: {color: colours.soft}, pageIconColor: colours.accent};
}

/** Hides a section that has nothing to draw. */
function showSection(id, shown) {
  document.getElementById(id).hidden = !shown;
}
