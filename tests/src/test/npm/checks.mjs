// Calls a cluster through OpenAI's own client. Arguments: the base address of an edge.
// Prints one line of JSON for each check: {"check": …} or {"check": …, "failure": …}.
import assert from 'node:assert/strict';
import OpenAI from 'openai';

const base = process.argv[2];
const client = new OpenAI({ baseURL: `${base}/v1`, apiKey: 'not-needed', maxRetries: 0 });

const user = (content) => [{ role: 'user', content }];
const weather = {
  type: 'function',
  function: {
    name: 'get_weather',
    parameters: {
      type: 'object',
      properties: { city: { type: 'string' } },
      required: ['city'],
    },
  },
};

async function running() {
  const nodes = await (await fetch(`${base}/api/nodes`)).json();
  return nodes.reduce((sum, node) => sum + node.running, 0);
}

async function awaitRunning(expected, seconds) {
  const end = Date.now() + seconds * 1000;
  while ((await running()) !== expected) {
    assert.ok(Date.now() < end, `still not ${expected} running after ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const endless = {
  model: 'basic',
  messages: user('A very long story'),
  max_tokens: 8000,
  ignore_eos: true,
};

const checks = {
  async 'a chat is answered in one piece'() {
    const answer = await client.chat.completions.create({
      model: 'auto',
      messages: user('Say hello'),
      max_tokens: 30,
    });
    assert.ok(answer.choices[0].message.content.length > 0);
    assert.ok(answer.usage.completion_tokens > 0 && answer.usage.completion_tokens <= 30);
    assert.equal(
      answer.usage.total_tokens,
      answer.usage.prompt_tokens + answer.usage.completion_tokens,
    );
    assert.match(answer.model, /^sim\//);
  },

  async 'the request id is where the client looks for it'() {
    const { data, response, request_id } = await client.chat.completions
      .create({ model: 'basic', messages: user('Hi'), max_tokens: 5 })
      .withResponse();
    assert.ok(request_id);
    assert.equal(data._request_id, request_id);
    assert.ok(response.headers.get('x-broke-node'));
  },

  async 'a chat is streamed, with usage at the end'() {
    const stream = await client.chat.completions.create({
      model: 'basic',
      messages: user('Say hello'),
      max_tokens: 30,
      stream: true,
      stream_options: { include_usage: true },
    });
    let text = '';
    const finished = [];
    let usage;
    const ids = new Set();
    for await (const chunk of stream) {
      ids.add(chunk.id);
      text += chunk.choices[0]?.delta?.content ?? '';
      if (chunk.choices[0]?.finish_reason) finished.push(chunk.choices[0].finish_reason);
      usage = chunk.usage ?? usage;
    }
    assert.ok(text.length > 0);
    assert.equal(finished.length, 1);
    assert.equal(ids.size, 1);
    assert.ok(usage.total_tokens > 0);
  },

  async 'the stream helper puts the same answer together'() {
    const request = { model: 'basic', messages: user('A pure function'), max_tokens: 40, seed: 7 };
    const whole = await client.chat.completions.create(request);
    const stream = client.chat.completions.stream(request);
    let pieces = '';
    stream.on('content', (delta) => (pieces += delta));
    const answer = await stream.finalChatCompletion();
    assert.equal(answer.choices[0].message.content, whole.choices[0].message.content);
    assert.equal(pieces, whole.choices[0].message.content);
    assert.equal(answer.choices[0].finish_reason, whole.choices[0].finish_reason);
  },

  async 'a tool is called in both modes'() {
    const request = {
      model: 'basic',
      messages: user('What is the weather in Paris?'),
      max_tokens: 200,
      tools: [weather],
      tool_choice: 'required',
      seed: 7,
    };
    const whole = await client.chat.completions.create(request);
    const streamed = await client.chat.completions.stream(request).finalChatCompletion();
    for (const answer of [whole, streamed]) {
      const [call] = answer.choices[0].message.tool_calls;
      assert.equal(answer.choices[0].finish_reason, 'tool_calls');
      assert.equal(call.type, 'function');
      assert.ok(call.id);
      assert.equal(call.function.name, 'get_weather');
      assert.equal(typeof JSON.parse(call.function.arguments).city, 'string');
    }
    assert.equal(
      streamed.choices[0].message.tool_calls[0].function.arguments,
      whole.choices[0].message.tool_calls[0].function.arguments,
    );
  },

  async 'a tool is run and its result is sent back'() {
    let asked;
    const runner = client.chat.completions.runTools(
      {
        model: 'basic',
        messages: user('What is the weather in Paris?'),
        max_tokens: 60,
        tool_choice: { type: 'function', function: { name: 'get_weather' } },
        tools: [
          {
            type: 'function',
            function: {
              ...weather.function,
              parse: JSON.parse,
              function: (arguments_) => {
                asked = arguments_;
                return 'sunny';
              },
            },
          },
        ],
      },
      { maxChatCompletions: 2 },
    );
    await runner.done();
    assert.equal(typeof asked.city, 'string');
    assert.ok(runner.messages.some((each) => each.role === 'tool' && each.content === 'sunny'));
  },

  async 'text is completed in both modes'() {
    const request = { model: 'basic', prompt: 'Once upon a time', max_tokens: 12, seed: 7 };
    const whole = await client.completions.create(request);
    let text = '';
    for await (const chunk of await client.completions.create({ ...request, stream: true })) {
      text += chunk.choices[0]?.text ?? '';
    }
    assert.ok(whole.choices[0].text.length > 0);
    assert.equal(text, whole.choices[0].text);
  },

  async 'models are listed and found'() {
    const names = [];
    for await (const model of client.models.list()) names.push(model.id);
    assert.ok(names.includes('auto') && names.includes('basic'));
    for (const name of names) assert.equal((await client.models.retrieve(name)).id, name);
    await assert.rejects(client.models.retrieve('no-such-model'), OpenAI.NotFoundError);
  },

  async 'errors have the classes that programs catch'() {
    const asked = { model: 'basic', messages: user('Hi'), max_tokens: 5 };
    const failing = (more) => client.chat.completions.create({ ...asked, ...more });
    await assert.rejects(failing({ model: 'no-such-model' }), (error) => {
      assert.ok(error instanceof OpenAI.NotFoundError);
      assert.equal(error.code, 'model_not_found');
      assert.ok(error.requestID);
      return true;
    });
    await assert.rejects(failing({ temperature: 9 }), (error) => {
      assert.ok(error instanceof OpenAI.BadRequestError);
      assert.equal(error.param, 'temperature');
      return true;
    });
    await assert.rejects(failing({ messages: 'Hi' }), OpenAI.BadRequestError);
    await assert.rejects(
      client.chat.completions.create(asked, { headers: { 'x-broke-node': 'nowhere' } }),
      OpenAI.APIError,
    );
    await assert.rejects(
      client.chat.completions.create({ ...endless }, { timeout: 300 }),
      OpenAI.APIConnectionTimeoutError,
    );
    await awaitRunning(0, 15);
  },

  async 'an aborted request frees its slot'() {
    const controller = new AbortController();
    const answer = client.chat.completions.create(endless, { signal: controller.signal });
    answer.catch(() => {});
    await awaitRunning(1, 60);
    controller.abort();
    await assert.rejects(answer, OpenAI.APIUserAbortError);
    await awaitRunning(0, 15);
  },

  async 'an aborted stream frees its slot'() {
    const stream = await client.chat.completions.create({ ...endless, stream: true });
    let chunks = 0;
    for await (const chunk of stream) {
      if (chunk.choices[0]?.delta?.content && ++chunks === 3) {
        await awaitRunning(1, 60);
        stream.controller.abort();
      }
    }
    assert.ok(chunks >= 3 && chunks < 4000);
    await awaitRunning(0, 15);
  },

  async 'a loop that is left frees its slot'() {
    for await (const chunk of await client.chat.completions.create({ ...endless, stream: true })) {
      if (chunk.choices[0]?.delta?.content) break;
    }
    await awaitRunning(0, 15);
  },
};

for (const [check, run] of Object.entries(checks)) {
  try {
    await run();
    console.log(JSON.stringify({ check }));
  } catch (error) {
    console.log(JSON.stringify({ check, failure: String(error.stack) }));
  }
}
