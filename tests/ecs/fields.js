// SPDX-License-Identifier: GPL-2.0-or-later
//
// Is a document what ECS says? The npm package @elastic/ecs has the fields of
// two releases around 8.17: what both have, with the same type, 8.17 has. And
// what does Elasticsearch make of our own fields by their names?
'use strict';

const releases = { '8.11': require('ecs-8').EcsFlat, '9.0': require('ecs-9').EcsFlat };

// Fields that are not ECS: ours, and the audit integration's.
const foreign = ['wxguard.', 'auditd.'];
// In every logs-* stream, though no field of the core schema.
const streams = { 'data_stream.type': 1, 'data_stream.dataset': 1, 'data_stream.namespace': 1 };

const date = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/;
const kinds = {
  keyword: (value) => typeof value === 'string',
  constant_keyword: (value) => typeof value === 'string',
  wildcard: (value) => typeof value === 'string',
  match_only_text: (value) => typeof value === 'string',
  text: (value) => typeof value === 'string',
  long: Number.isSafeInteger,
  float: (value) => typeof value === 'number',
  boolean: (value) => typeof value === 'boolean',
  date: (value) => typeof value === 'string' && date.test(value) && !Number.isNaN(Date.parse(value)),
  ip: (value) => require('net').isIP(value) !== 0,
};

// What the component template ecs@mappings does by name to fields that no
// template names: a value of another type makes it refuse the document.
const traps = [
  [/(^|\.)(timestamp|not_after|not_before|accessed|created|installed|creation_date|ctime|mtime|ingested|start|end)$/, 'date'],
  [/_timestamp$/, 'date'],
  [/\.indicator\.(first_seen|last_seen|modified_at)$/, 'date'],
  [/(^|\.)ip$|_ip$/, 'ip'],
  [/\.score\.|_score/, 'float'],
  [/\.usage$/, 'float'],
  [/\.x509\.public_key_exponent$/, 'long'],
  [/\.geo\.location$/, 'never'],
  [/structured_data$|(^|\.)(exports|imports)$/, 'never'],
];

// [path, value] of every leaf; an array of plain values is one leaf.
function* leaves(value, path) {
  if (Array.isArray(value) && value.some((one) => one !== null && typeof one === 'object')) {
    for (const one of value) yield* leaves(one, path);
  } else if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
    for (const [key, one] of Object.entries(value)) yield* leaves(one, path ? `${path}.${key}` : key);
  } else {
    yield [path, value];
  }
}

function wrongType(field, path, value) {
  const array = (field.normalize ?? []).includes('array');
  if (array !== Array.isArray(value)) return `${path} ${array ? 'must be an array' : 'must be one value'}`;
  const good = kinds[field.type];
  if (!good) return `${path} has the type ${field.type}, which is not checked here`;
  for (const one of [value].flat()) {
    if (!good(one)) return `${path} is ${JSON.stringify(one)}, no ${field.type}`;
    const allowed = (field.allowed_values ?? []).map((row) => row.name);
    if (allowed.length && !allowed.includes(one)) return `${path} is "${one}", which ECS does not allow`;
  }
  return null;
}

function fieldErrors(document) {
  const errors = [];
  for (const [path, value] of leaves(document, '')) {
    if (foreign.some((prefix) => path.startsWith(prefix))) continue;
    for (const [release, fields] of Object.entries(releases)) {
      const field = fields[path];
      if (!field && streams[path]) continue;
      const error = field ? wrongType(field, path, value) : `${path} is no field of ECS ${release}`;
      if (error) errors.push(error);
    }
  }
  return errors;
}

// Each category says which types go with it.
function typeErrors(document) {
  const categories = releases['9.0']['event.category'].allowed_values;
  const expected = new Set(document.event.category.flatMap((name) =>
    categories.find((row) => row.name === name).expected_event_types));
  return document.event.type.filter((type) => !expected.has(type))
    .map((type) => `event.type "${type}" goes with none of ${document.event.category}`);
}

function trapErrors(document) {
  const errors = [];
  for (const [path, value] of leaves(document, '')) {
    for (const [name, kind] of traps) {
      if (!name.test(path)) continue;
      if (kind === 'never' || ![value].flat().every(kinds[kind])) {
        errors.push(`${path} would be mapped as ${kind}, and is ${JSON.stringify(value)}`);
      }
    }
    for (const part of path.split('.')) {
      if (!/^[@A-Za-z0-9_]+$/.test(part)) errors.push(`"${path}" is no usable field name`);
    }
  }
  return errors;
}

// What wxguard-events(5) says of a field, against what ECS says of it.
const shown = { wildcard: 'keyword', constant_keyword: 'keyword', match_only_text: 'text' };

function tableErrors(rows) {
  const errors = [];
  for (const [path, type, array, origin] of rows) {
    const own = path in streams || foreign.some((prefix) => path.startsWith(prefix));
    if (own === (origin === 'ECS')) errors.push(`${path} is said to be of ${origin}`);
    if (origin !== 'ECS') continue;
    for (const [release, fields] of Object.entries(releases)) {
      const field = fields[path];
      if (!field) {
        errors.push(`${path} is no field of ECS ${release}`);
        continue;
      }
      const is = `${shown[field.type] ?? field.type}, ${(field.normalize ?? []).includes('array') ? 'array' : 'one'}`;
      if (is !== `${type}, ${array}`) errors.push(`${path} is ${type}, ${array}; in ECS ${release} it is ${is}`);
    }
  }
  return errors;
}

module.exports = {
  tableErrors, fieldErrors, typeErrors, trapErrors,
};
