// SPDX-License-Identifier: GPL-2.0-or-later
//
// Reads the table of fields, and files of findings (NDJSON), and checks them;
// see tests/ecs/run. The first of those holds the samples, on which the vectors
// are made.
'use strict';

const fs = require('fs');
const query = require('./query');
const ecs = require('./fields');

const RECORD_MAX = 65536;
let passed = 0;
let failed = 0;

function check(name, errors) {
  const list = [...new Set(errors)];
  console.log(`${list.length ? 'FAIL' : 'ok  '} ecs: ${name}`);
  for (const error of list.slice(0, 20)) console.log(`     ${error}`);
  if (list.length) failed += 1;
  else passed += 1;
}

// The documents of a file; what is no record becomes an error.
function read(path) {
  const errors = [];
  const documents = [];
  const text = fs.readFileSync(path);
  const lines = text.toString('utf8').split('\n');
  if (!Buffer.from(lines.join('\n')).equals(text)) errors.push('the file is no valid UTF-8');
  if (lines.pop() !== '') errors.push('the last line has no end');
  lines.forEach((line, at) => {
    // Nothing that acts on a terminal, or hides or reorders text.
    if (/[\x00-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/u.test(line)) {
      errors.push(`line ${at + 1} has a control or invisible character`);
    }
    if (Buffer.byteLength(line) > RECORD_MAX) errors.push(`line ${at + 1} is too long`);
    try {
      documents.push(JSON.parse(line));
    } catch (error) {
      errors.push(`line ${at + 1}: ${error.message}`);
    }
  });
  return { documents, errors };
}

function classOf(document) {
  return document.wxguard?.finding?.class ?? document.event?.code;
}

function each(documents, errorsOf) {
  return documents.flatMap((document) => {
    try {
      return errorsOf(document).map((error) => `${classOf(document)}: ${error}`);
    } catch (error) {	// a part that every document has is missing
      return [`${JSON.stringify(document).slice(0, 80)}: ${error.message}`];
    }
  });
}

// A granted or tried mprotect to exactly PROT 7: what the query is about. Told
// from other fields than those that the query reads, but where only a witness
// saw the call: then there is nothing else of it.
function isSeed(document) {
  if (document.auditd?.data?.syscall !== 'mprotect') return false;
  if (document.wxguard.tamper?.reason === 'mprotect') return document.auditd.data.a2 === '7';
  return document.wxguard.memory?.prot_asked_raw === '0x7';
}

// What a document says of the processes in it must be of a process.
function partErrors(document) {
  const errors = [];
  const finding = document.wxguard.finding;
  if (!finding) return errors;
  const named = document.process !== undefined;
  if (named !== document.event.category.includes('process')) errors.push('category "process" without one, or the reverse');
  if (!named && (finding.class !== 'sensor_tamper' || document.user || document.wxguard.process)) {
    errors.push('no process, and yet parts of one');
  }
  if (named && !(document.process.pid > 0)) errors.push(`process.pid is ${document.process.pid}`);
  for (const other of [document.wxguard.target, document.wxguard.writer]) {
    if (other && !(other.pid > 0 && typeof other.self === 'boolean')) errors.push('another process without a pid');
  }
  if (document.wxguard.target?.uid !== document.user?.target?.id) errors.push('user.target is not the target\'s');
  if (finding.flags.includes('repeat') !== (document.wxguard.repeat !== undefined)) errors.push('repeat: flag and part differ');
  if (document.wxguard.repeat && !(document.wxguard.repeat.count > 0)) errors.push('a repeat of nothing');
  if (document.wxguard.tamper && finding.class !== 'sensor_tamper') errors.push('a reason of tampering elsewhere');
  const low = finding.flags.includes('debugger');
  if (low && document.event.severity !== 21) errors.push('a debugger is not of low severity');
  if ((finding.class === 'sensor_tamper') !== (document.log.level === 'critical')) errors.push('tampering is not loud');
  return errors;
}

function excluded(document) {
  return document.process.name === 'httpd' || ['/usr/share/kibana/node/bin/node',
    '/usr/share/elasticsearch/jdk/bin/java', '/usr/sbin/apache2'].includes(document.process.executable);
}

function checkFile(path, name) {
  const { documents, errors } = read(path);
  if (!documents.length) errors.push('there is no record in it');
  check(`${name}: every line is one safe JSON record`, errors);
  check(`${name}: every field is one of ECS, of its type`, each(documents, ecs.fieldErrors));
  check(`${name}: event types fit their categories`, each(documents, ecs.typeErrors));
  check(`${name}: no field falls into a mapping made for another`, each(documents, ecs.trapErrors));
  check(`${name}: no part says what the rest denies`, each(documents, partErrors));
  check(`${name}: the published query matches what it is about, and nothing else`,
    each(documents, (document) =>
      (query.seed2025(document) === (isSeed(document) && !excluded(document)) ? [] : ['wrong'])));
  check(`${name}: findings are alerts, with a severity; all else is an event`,
    each(documents, (document) => {
      const finding = document.wxguard.finding !== undefined;
      return query.alerts(document) === finding && (document.event.severity !== undefined) === finding &&
        (document.rule !== undefined) === finding ? [] : ['wrong'];
    }));
  return documents;
}

// The sample with one thing changed, and what each query must say of it.
function vectors(samples) {
  const rwx = samples.find((document) => classOf(document) === 'rwx_mprotect');
  const memory = samples.find((document) => classOf(document) === 'exec_memory');
  const name = (comm) => (document) => { document.process.name = comm; };
  const rows = [
    ['the sample itself', () => {}, true, true],
    ['a2 "0x7"', (d) => { d.auditd.data.a2 = '0x7'; }, false, false],
    ['a2 7 as a number', (d) => { d.auditd.data.a2 = 7; }, true, true],
    ['a2 "00000007"', (d) => { d.auditd.data.a2 = '00000007'; }, false, false],
    ['a2 "1000007" (PROT_GROWSDOWN)', (d) => { d.auditd.data.a2 = '1000007'; }, false, false],
    ['a2 "5" (RX)', (d) => { d.auditd.data.a2 = '5'; }, false, false],
    ['pkey_mprotect', (d) => { d.auditd.data.syscall = 'pkey_mprotect'; }, false, false],
    ['mmap', (d) => { d.auditd.data.syscall = 'mmap'; }, false, false],
    ['one category, no array', (d) => { d.event.category = 'process'; }, true, true],
    ['process name httpd', name('httpd'), false, false],
    ['process name httpd2', name('httpd2'), true, true],
    ['Node.js of Kibana', (d) => { d.process.executable = '/usr/share/kibana/node/bin/node'; }, false, false],
    ['apache2', (d) => { d.process.executable = '/usr/sbin/apache2'; }, false, false],
    ['process name qemu-system-x86', name('qemu-system-x86'), true, false],
    ['process name php8.2', name('php8.2'), true, false],
    ['host.os.type "Linux"', (d) => { d.host.os.type = 'Linux'; }, false, false],
  ];
  for (const [what, change, in2025, in2026] of rows) {
    const document = structuredClone(rwx);
    change(document);
    check(`query of 2025-01 ${in2025 ? 'matches' : 'does not match'}, of 2026-03 ${in2026 ? 'matches' : 'does not match'}: ${what}`,
      query.seed2025(document) === in2025 && query.seed2026(document) === in2026 ? [] :
        [`2025-01: ${query.seed2025(document)}, 2026-03: ${query.seed2026(document)}`]);
  }
  check('no query matches the start of a program from memory',
    query.seed2025(memory) || query.seed2026(memory) ? ['it matches'] : []);
}

// In a file of the daemon's no number may come twice: event.id is the key.
function checkIds(documents, name) {
  const seen = new Set();
  check(`${name}: no event.id comes twice`, documents.flatMap((document) => {
    const twice = seen.has(document.event?.id);
    seen.add(document.event?.id);
    return twice ? [document.event?.id] : [];
  }));
}

// The table that the manual page is made of: path, type, array or one, origin.
function checkTable(path) {
  const rows = fs.readFileSync(path, 'utf8').trim().split('\n').map((line) => line.split('\t'));
  check('the page of the fields says what ECS says', rows.length > 100 ? ecs.tableErrors(rows) : ['it is empty']);
}

const [tablePath, samplePath, ...paths] = process.argv.slice(2);
checkTable(tablePath);
vectors(checkFile(samplePath, 'samples'));
for (const path of paths) checkIds(checkFile(path, path.split('/').pop()), path.split('/').pop());
console.log(`${passed} passed, ${failed} failed, 0 skipped`);
process.exitCode = failed ? 1 : 0;
