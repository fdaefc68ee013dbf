import assert from 'node:assert/strict';
import FHIR from 'fhirclient';
import { steps } from './scenario.mjs';

const query = (params) => new URLSearchParams(params).toString();
const json = (method, body) => ({ method, body: JSON.stringify(body), headers: { 'content-type': 'application/fhir+json' } });

export default function (serverUrl) {
  const c = FHIR({ headers: {} }, { setHeader() {}, writeHead() {}, end() {} }).client({ serverUrl });
  return {
    create: (resource) => c.create(resource),
    read: (type, id) => c.request(`${type}/${id}`),
    vread: (type, id, version) => c.request(`${type}/${id}/_history/${version}`),
    update: (resource) => c.update(resource),
    patch: (type, id, operations) => c.patch(`${type}/${id}`, operations),
    delete: (type, id) => c.delete(`${type}/${id}`),
    search: (type, params) => c.request(`${type}?${query(params)}`),
    all: (type, params) => c.request(`${type}?${query(params)}`, { pageLimit: 0, flat: true }),
    transaction: (bundle) => c.request({ url: '/', ...json('POST', bundle) }),
    batch: (bundle) => c.request({ url: '/', ...json('POST', bundle) }),
    history: (type, id) => c.request(`${type}/${id}/_history`),
    everything: (id) => c.request(`Patient/${id}/$everything`),
    validate: (resource) => c.request({ url: `${resource.resourceType}/$validate`, ...json('POST', resource) }),
    refusedWith: (e, status) => assert.equal(e.statusCode ?? e.status, status),
    own: {
      async 'the release of FHIR'() {
        assert.equal(await c.getFhirVersion(), '4.0.1');
        assert.equal(await c.getFhirRelease(), 4);
      },
      async 'references and a patient in focus'() {
        const who = await c.create({ resourceType: 'Patient', name: [{ family: 'Focus' }] });
        const seen = await c.create({ resourceType: 'Condition', subject: { reference: `Patient/${who.id}` } });
        const graph = await c.request(`Condition/${seen.id}`, { resolveReferences: 'subject', graph: true });
        assert.equal(graph.subject.name[0].family, 'Focus');
        const focused = FHIR({ headers: {} }, {}).client({ serverUrl, tokenResponse: { patient: who.id } });
        assert.equal((await focused.patient.read()).id, who.id);
        assert.equal((await focused.request(`Condition?patient=${focused.patient.id}`)).total, 1);
      },
      async 'resources as a stream over pages'() {
        for (let i = 0; i < 5; i++) await c.create({ resourceType: 'Location', name: 'Stream' });
        let n = 0;
        for await (const r of c.resources('Location?name=Stream&_count=2')) n += r.name === 'Stream' ? 1 : 0;
        assert.equal(n, 5);
      },
    },
    steps,
  };
}
