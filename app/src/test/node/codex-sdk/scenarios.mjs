// What a program does with Codex's published SDK, with `orchestrator` behind it.
//
//   node scenarios.mjs NAME [JSON]
//
// runs one scenario: ends with 0 and prints what the caller may want to look at, or ends with 1 and
// says which expectation failed. The models' answers are scripted by the caller.
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";

import { Codex } from "@openai/codex-sdk";

const program = process.env.PROGRAM_UNDER_TEST;
const given = JSON.parse(process.argv[3] ?? "{}");
const client = (options = {}) => new Codex({ codexPathOverride: program, ...options });
const until = async (what, condition, patience = 20_000) => {
  const deadline = Date.now() + patience;
  while (!condition()) {
    assert.ok(Date.now() < deadline, `waited in vain for ${what}`);
    await pause(10);
  }
};

/** Every process that has a text in its command line, other than this one. */
const processes = (text) =>
  readdirSync("/proc")
    .filter((it) => /^\d+$/.test(it) && Number(it) !== process.pid)
    .map((it) => {
      try {
        return `${it} ${readFileSync(`/proc/${it}/cmdline`, "utf8").replaceAll("\0", " ")}`;
      } catch {
        return ""; // It has ended meanwhile.
      }
    })
    .filter((it) => it.includes(text));

const collected = async (events) => {
  const all = [];
  for await (const event of events) {
    all.push(event);
  }
  return all;
};

const usage = {
  input_tokens: 84,
  cached_input_tokens: 24,
  cache_write_input_tokens: 0,
  output_tokens: 10,
  reasoning_output_tokens: 0,
};

const scenarios = {
  async run() {
    const thread = client().startThread();
    assert.equal(thread.id, null);
    const turn = await thread.run("say hello");
    assert.match(thread.id, /^[0-9a-f-]{36}$/);
    assert.equal(turn.finalResponse, "Hello.");
    assert.deepEqual(turn.items, [
      {
        id: "item_0",
        type: "command_execution",
        command: "/bin/bash -lc 'echo hello'",
        aggregated_output: "hello\n",
        exit_code: 0,
        status: "completed",
      },
      { id: "item_1", type: "agent_message", text: "Hello." },
    ]);
    assert.deepEqual(turn.usage, usage);
  },

  async streamed() {
    const thread = client().startThread({ sandboxMode: "workspace-write" });
    const { events } = await thread.runStreamed("do several things");
    const command = {
      id: "item_1",
      type: "command_execution",
      command: "/bin/bash -lc 'exit 3'",
      aggregated_output: "",
    };
    const change = {
      id: "item_2",
      type: "file_change",
      changes: [{ path: path.resolve("new.txt"), kind: "add" }],
    };
    assert.deepEqual(await collected(events), [
      { type: "thread.started", thread_id: thread.id },
      { type: "turn.started" },
      { type: "item.completed", item: { id: "item_0", type: "reasoning", text: "**Thinking**" } },
      { type: "item.started", item: { ...command, exit_code: null, status: "in_progress" } },
      { type: "item.completed", item: { ...command, exit_code: 3, status: "failed" } },
      { type: "item.started", item: { ...change, status: "in_progress" } },
      { type: "item.completed", item: { ...change, status: "completed" } },
      { type: "item.completed", item: { id: "item_3", type: "agent_message", text: "Done." } },
      {
        type: "turn.completed",
        usage: { ...usage, input_tokens: 126, cached_input_tokens: 36, output_tokens: 15 },
      },
    ]);
  },

  async resume() {
    const options = { sandboxMode: "workspace-write", approvalPolicy: "never" };
    const thread = client().startThread(options);
    await thread.run("first prompt");
    const { id } = thread;
    await thread.run("second prompt");
    assert.equal(thread.id, id);
    const later = client().resumeThread(id, options);
    assert.equal(later.id, id);
    const turn = await later.run("third prompt");
    assert.equal(later.id, id);
    assert.equal(turn.finalResponse, "third answer");
    return { id };
  },

  /** What is said for one turn holds for it, also if the thread had something else. */
  async stricter() {
    const open = { sandboxMode: "workspace-write", networkAccessEnabled: true };
    const thread = client().startThread(open);
    const first = await thread.run("first");
    assert.equal(first.items[0].aggregated_output, "network\n");
    const { id } = thread;
    const closed = { ...open, networkAccessEnabled: false, model: "gpt-5.4" };
    const turn = await client().resumeThread(id, closed).run("second");
    assert.equal(turn.items[0].aggregated_output, "no network\n");
    const config = { sandbox_mode: "read-only", model: "gpt-5.3" };
    const last = await client({ config }).resumeThread(id).run("third");
    assert.notEqual(last.items[0].exit_code, 0);
    assert.ok(!existsSync("written"));
    await assert.rejects(
      client().resumeThread(id, { sandboxMode: "workspace-write" }).run("fourth"),
      /begun under something stricter: sandbox workspace-write instead of read-only/,
    );
    const loose = { orchestrator: { exec: { allow_looser: true } } };
    const options = { sandboxMode: "workspace-write" };
    await client({ config: loose }).resumeThread(id, options).run("fifth");
    assert.ok(existsSync("written"));
  },

  async schema() {
    const outputSchema = {
      type: "object",
      properties: { answer: { type: "string" }, sure: { type: "boolean" } },
      required: ["answer", "sure"],
      additionalProperties: false,
    };
    const turn = await client().startThread().run("structured", { outputSchema });
    assert.deepEqual(JSON.parse(turn.finalResponse), { answer: "42", sure: true });
  },

  async mismatch() {
    const outputSchema = {
      type: "object",
      properties: { answer: { type: "integer" } },
      required: ["answer"],
      additionalProperties: false,
    };
    const turn = await client().startThread().run("structured", { outputSchema });
    assert.deepEqual(JSON.parse(turn.finalResponse), { answer: 42 });
    await assert.rejects(
      client().startThread().run("structured", { outputSchema }),
      /the answer does not match the output schema: .*answer/,
    );
  },

  async images() {
    const picture = Buffer.from(given.png, "base64");
    writeFileSync("one, with comma.png", picture);
    writeFileSync("two.png", picture);
    await client()
      .startThread({ workingDirectory: given.elsewhere, skipGitRepoCheck: true })
      .run([
        { type: "text", text: "Describe these" },
        { type: "local_image", path: path.resolve("one, with comma.png") },
        { type: "text", text: "in one word." },
        { type: "local_image", path: "./two.png" },
      ]);
    const thread = client().startThread();
    await thread.run("no picture yet");
    await thread.run([
      { type: "text", text: "one now" },
      { type: "local_image", path: "two.png" },
    ]);
    await assert.rejects(
      client().startThread().run([
        { type: "text", text: "none" },
        { type: "local_image", path: "missing.png" },
      ]),
      /missing\.png: no such file/,
    );
  },

  async sandboxes() {
    const wrote = [];
    for (const sandboxMode of ["read-only", "workspace-write", "danger-full-access"]) {
      const turn = await client().startThread({ sandboxMode }).run("write");
      assert.equal(turn.finalResponse, "tried", sandboxMode);
      wrote.push([existsSync("inside"), existsSync(given.outside)]);
    }
    assert.deepEqual(wrote, [
      [false, false],
      [true, false],
      [true, true],
    ]);
  },

  async directories() {
    const additionalDirectories = [given.other, "../not-there"];
    // Nothing may be written at read-only, which is no reason to fail.
    await client().startThread({ additionalDirectories }).run("write");
    assert.ok(!existsSync(path.join(given.other, "file")));
    const options = { sandboxMode: "workspace-write", additionalDirectories };
    const thread = client().startThread(options);
    await thread.run("write");
    assert.ok(existsSync(path.join(given.other, "file")));
    const turn = await thread.run("write again");
    assert.equal(turn.items[0].exit_code, 0);
  },

  async working_directory() {
    const thread = client().startThread({
      workingDirectory: given.elsewhere,
      skipGitRepoCheck: true,
    });
    const turn = await thread.run("where are you");
    assert.equal(turn.items[0].aggregated_output, given.elsewhere + "\n");
    await assert.rejects(
      client().startThread({ workingDirectory: given.elsewhere }).run("where are you"),
      /Not inside a trusted directory and --skip-git-repo-check was not specified/,
    );
    await assert.rejects(
      client().startThread({ workingDirectory: "/no/such/folder" }).run("where are you"),
      /\/no\/such\/folder/,
    );
  },

  async config() {
    const greeting = 'a "b" \\ c\tü 😀 # = {x}';
    const config = {
      model_provider: "flat",
      model_providers: {
        flat: {
          name: "Flattened",
          base_url: given.baseUrl,
          wire_api: "responses",
          supports_websockets: false,
          http_headers: { "x-flat": "yes" },
          query_params: { "api-version": "1" },
          stream_max_retries: 0,
        },
      },
      shell_environment_policy: { set: { GREETING: greeting }, exclude: ["LEFT_*", "OUT"] },
      model_verbosity: "low",
      web_search: "disabled",
      // Of another version, or of nobody.
      retry_budget: 3,
      tool_rules: { allow: ["git status", "git diff"], nested: [{ a: 1.5, "b c": [true] }] },
      empty: {},
    };
    const configOverrides = [
      'model_verbosity="high"',
      'shell_environment_policy.set={GREETING=' + JSON.stringify(greeting) + ', MORE="more"}',
    ];
    const turn = await client({ config, configOverrides }).startThread().run("greet");
    assert.equal(turn.items[0].aggregated_output, `${greeting}|more||\n`);
    assert.deepEqual(
      turn.items.map((it) => it.type),
      ["command_execution", "agent_message"],
    );
    await assert.rejects(
      client({ config: { model_verbosity: "loud" } }).startThread().run("x".repeat(1_000_000)),
      /exited with code \d: .*model_verbosity is "loud"/,
    );
  },

  async options() {
    const turn = await client()
      .startThread({
        model: "gpt-test-1",
        modelReasoningEffort: "high",
        networkAccessEnabled: true,
        sandboxMode: "workspace-write",
        webSearchMode: "live",
        threadSource: "tests",
      })
      .run("with everything", { cyberAccessProgram: "standard" });
    assert.deepEqual(turn.items, [{ id: "item_0", type: "agent_message", text: "ok" }]);
    await client().startThread({ webSearchEnabled: true }).run("web");
    await client().startThread({ webSearchEnabled: false }).run("no web");
    await assert.rejects(
      client().startThread({ sandboxMode: "wide-open" }).run("x".repeat(1_000_000)),
      /exited with code 2: .*wide-open/,
    );
  },

  async policies() {
    for (const approvalPolicy of ["never", "on-request", "on-failure", "untrusted"]) {
      const turn = await client().startThread({ approvalPolicy }).run("touch something");
      assert.equal(turn.finalResponse, "tried", approvalPolicy);
    }
  },

  async api_key() {
    const turn = await client({
      baseUrl: given.baseUrl,
      apiKey: given.key,
      config: { model_provider: "openai" },
    })
      .startThread()
      .run("hello");
    assert.equal(turn.items[0].aggregated_output, "key:\n");
  },

  async environment() {
    process.env.LEAKED = "leaked";
    const env = { ...given.env, ONLY: "only" };
    const turn = await client({ env }).startThread().run("hello");
    assert.equal(turn.items[0].aggregated_output, "only,\n");
  },

  async abort() {
    const left = () => given.marks.flatMap(processes);
    const gone = async (what) => {
      const since = Date.now();
      await until(`the end of ${what}`, () => left().length === 0, 5000);
      return Date.now() - since;
    };
    const times = [];
    const workingDirectory = process.cwd(); // Shows whose processes they are.

    const early = AbortSignal.abort();
    await assert.rejects(
      client().startThread({ workingDirectory }).run("hello", { signal: early }),
      { name: "AbortError" },
    );
    times.push(await gone("what was never to begin"));

    const running = new AbortController();
    const turn = client()
      .startThread({ workingDirectory, sandboxMode: "workspace-write" })
      .run("sleep", { signal: running.signal });
    await until("the command", () => existsSync("sleeping"));
    const asked = Date.now();
    running.abort();
    await assert.rejects(turn, { name: "AbortError" });
    assert.ok(Date.now() - asked < 5000, "the promise was rejected too late");
    times.push(await gone("an aborted turn"));

    const streaming = new AbortController();
    const { events } = await client()
      .startThread({ workingDirectory })
      .runStreamed("sleep", { signal: streaming.signal });
    const seen = [];
    await assert.rejects(
      async () => {
        for await (const event of events) {
          seen.push(event);
          if (event.type === "item.started") {
            streaming.abort();
          }
        }
      },
      { name: "AbortError" },
    );
    // What was started is completed, as in every stream.
    assert.deepEqual(
      seen.map((it) => it.type),
      ["thread.started", "turn.started", "item.started", "item.completed"],
    );
    times.push(await gone("an aborted stream"));

    const ignored = await client().startThread({ workingDirectory }).runStreamed("sleep");
    for await (const event of ignored.events) {
      if (event.type === "item.started") {
        break; // Nobody wants to know more.
      }
    }
    times.push(await gone("a stream that was left"));

    const never = new AbortController();
    const whole = await client().startThread().run("hello", { signal: never.signal });
    assert.equal(whole.finalResponse, "whole");
    return { times };
  },

  async failures() {
    const config = { model_providers: { mock: { stream_max_retries: 0 } } };
    await assert.rejects(client().startThread().run("x"), /no such model/);
    const { events } = await client().startThread().runStreamed("x");
    const seen = [];
    await assert.rejects(async () => {
      for await (const event of events) {
        seen.push(event);
      }
    }, /Codex Exec exited with code 1: .*no such model/s);
    assert.deepEqual(seen.map((it) => it.type).slice(-2), ["error", "turn.failed"]);
    await assert.rejects(
      client({ config }).startThread().run("x"),
      /stream disconnected before completion: /,
    );
    await assert.rejects(
      client().resumeThread("01a2b3c4-0000-7000-8000-000000000000").run("x".repeat(1_000_000)),
      /no rollout found for thread id 01a2b3c4-0000-7000-8000-000000000000/,
    );
    await assert.rejects(client().startThread().run(""), /No prompt provided via stdin/);
  },

  async prompts() {
    const texts = given.prompts.concat("ü".repeat(500_000) + " the end");
    for (const text of texts) {
      assert.equal((await client().startThread().run(text)).finalResponse, "ok");
    }
  },

  async concurrent() {
    const turns = await Promise.all(
      ["one", "two", "three"].map(async (name) => {
        const thread = client().startThread();
        const turn = await thread.run(name);
        assert.equal(turn.finalResponse, "heard");
        return thread.id;
      }),
    );
    assert.equal(new Set(turns).size, 3);
  },
};

const found = await scenarios[process.argv[2]]();
console.log(JSON.stringify(found ?? {}));
