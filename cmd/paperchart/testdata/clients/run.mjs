// node run.mjs CLIENT BASE: every step through one client; a line for each, and
// exit status 1 where one fails.
const [name, base] = process.argv.slice(2);
const client = (await import(`./${name}.mjs`)).default(base);
let failed = 0;
for (const [step, work] of [...Object.entries(client.steps), ...Object.entries(client.own)]) {
  try {
    await work(client);
    console.log(`ok ${step}`);
  } catch (e) {
    failed++;
    console.log(`FAILED ${step}: ${e.stack}`);
  }
}
process.exit(failed ? 1 : 0);
