'use strict';
// Brings a report's charts and its table onto the page.

addScores();
addFront();
for (const [, add] of CHANGING) add();
addTable();
drawAll();
if (data.live) {
  const freshness = element('p', '', 'note');
  freshness.id = 'freshness';
  document.querySelector('h1').after(freshness);
  follow(data.live);
}
