// Asks a Landfall server what the test wants to know, through the official client, and prints one JSON object.
// node client.mjs <base url> <model>
import OpenAI from "openai";

const [, , baseURL, model] = process.argv;
const client = new OpenAI({ baseURL, apiKey: "any-token-will-do", maxRetries: 0 });
const ask = content => ({ model, messages: [{ role: "user", content }] });
const bill = "I do not understand a charge on my latest bill";

const failure = async act => {
  try {
    await act();
    return null;
  } catch (error) {
    return { name: error.constructor.name, status: error.status, code: error.code, type: error.type, param: error.param, message: error.message };
  }
};

const streamed = { text: "", role: null, finish: null, usage: null, chunks: 0, lastHasChoices: null };
for await (const chunk of await client.chat.completions.create({ ...ask(bill), stream: true, stream_options: { include_usage: true } })) {
  const choice = chunk.choices[0];
  streamed.chunks++;
  streamed.text += choice?.delta?.content ?? "";
  streamed.role ??= choice?.delta?.role ?? null;
  streamed.finish ??= choice?.finish_reason ?? null;
  streamed.usage = chunk.usage ?? streamed.usage;
  streamed.lastHasChoices = chunk.choices.length > 0;
}

let plainStreamHasUsage = false;
for await (const chunk of await client.chat.completions.create({ ...ask(bill), stream: true })) {
  plainStreamHasUsage ||= Boolean(chunk.usage);
}

// The client's own accumulator checks every chunk's shape.
const final = await client.chat.completions.stream(ask(bill)).finalChatCompletion();

console.log(JSON.stringify({
  models: (await client.models.list()).data,
  plain: await client.chat.completions.create(ask(bill)),
  parts: await client.chat.completions.create({ model, messages: [{ role: "system", content: "Be brief." }, { role: "user", content: [{ type: "text", text: bill }] }] }),
  streamed,
  plainStreamHasUsage,
  final,
  outOfScope: await client.chat.completions.create(ask("What is a good recipe for a chocolate cake?")),
  unknownModel: await failure(() => client.chat.completions.create({ ...ask(bill), model: "no-such-model" })),
  unknownModelStreamed: await failure(() => client.chat.completions.create({ ...ask(bill), model: "no-such-model", stream: true })),
  noMessages: await failure(() => client.chat.completions.create({ model, messages: [] })),
  noUser: await failure(() => client.chat.completions.create({ model, messages: "hello" })),
}));
