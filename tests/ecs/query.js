// SPDX-License-Identifier: GPL-2.0-or-later
//
// The published query as Kibana would run it: Kibana's own parser turns KQL
// into an Elasticsearch query, and match() evaluates that on one document,
// with every string field a keyword, as ecs@mappings makes them.
'use strict';

const kql = require('@cybernetex/kbn-es-query');

// elastic/detection-rules, rule 23bcd283-2bc0-4db2-81d4-273fc051e5c0.
const executables = ['/usr/share/kibana/node/bin/node',
  '/usr/share/elasticsearch/jdk/bin/java', '/usr/sbin/apache2'];
// As published in January 2025, and as of March 2026.
const names2025 = ['httpd'];
const names2026 = ['httpd', 'java', 'node', 'dotnet', 'github-desktop', 'code',
  'tenzir', 'brave', 'qemu-*', 'php*', 'deno'];

function published(names) {
  const paths = executables.map((path) => `"${path}"`).join(' or ');
  return 'event.category:process and host.os.type:linux and ' +
    'auditd.data.syscall:mprotect and auditd.data.a2:7 and ' +
    `not (process.executable:(${paths}) or process.name:(${names.join(' or ')}))`;
}

// Every value of a field; arrays, also of objects, count with each element.
function values(document, path) {
  let found = [document];
  for (const key of path.split('.')) {
    found = found.flat(Infinity)
      .map((value) => (value === null || value === undefined ? undefined : value[key]))
      .filter((value) => value !== undefined);
  }
  return found.flat(Infinity).map(String);
}

function list(clause) {
  if (clause === undefined) return [];
  return Array.isArray(clause) ? clause : [clause];
}

function matchBool(bool, document) {
  const must = list(bool.must).concat(list(bool.filter));
  const should = list(bool.should);
  const least = bool.minimum_should_match ??
    (should.length && !must.length ? 1 : 0);
  return must.every((clause) => match(clause, document)) &&
    !list(bool.must_not).some((clause) => match(clause, document)) &&
    should.filter((clause) => match(clause, document)).length >= least;
}

function matchValue(clause, document) {
  const [field, wanted] = Object.entries(clause)[0];
  const text = typeof wanted === 'object' ? wanted.query ?? wanted.value : wanted;
  return values(document, field).includes(String(text));
}

function matchWildcard(clause, document) {
  const quoted = clause.query.replace(/\\(.)/g, '$1')
    .replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*');
  const wanted = new RegExp(`^${quoted}$`, 's');
  return clause.fields.some((field) =>
    values(document, field).some((value) => wanted.test(value)));
}

function match(query, document) {
  const [kind, clause] = Object.entries(query)[0];
  switch (kind) {
    case 'bool': return matchBool(clause, document);
    case 'match':
    case 'match_phrase':
    case 'term': return matchValue(clause, document);
    case 'query_string': return matchWildcard(clause, document);
    default: throw new Error(`a ${kind} clause is not understood`);
  }
}

function compile(text) {
  const query = kql.toElasticsearchQuery(kql.fromKueryExpression(text), undefined);
  return (document) => match(query, document);
}

module.exports = {
  seed2025: compile(published(names2025)),
  seed2026: compile(published(names2026)),
  alerts: compile('event.kind:alert and not event.module:(endgame or endpoint or cloud_defend)'),
};
