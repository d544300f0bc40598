// llama.cpp, through node-llama-cpp, over token ids: the peer that Landfall's inference is compared with.
//
//   node llama.mjs greedy <model.gguf>       standard input: {"prompts": [[ids]...], "count": n}; prints the likeliest next ids of each
//   node llama.mjs speed <model.gguf> [--prompt 512] [--decode 128] [--repeats 3] [--threads 2]
//                                            prints tokens/s of reading a prompt and of decoding, and memory; the CPU only
//
// One line of JSON on standard output.
import {readFileSync} from "node:fs";
import {getLlama} from "node-llama-cpp";

const [command, modelPath, ...rest] = process.argv.slice(2);
const number = (name, otherwise) => {
    const at = rest.indexOf(`--${name}`);
    return at < 0 ? otherwise : Number(rest[at + 1]);
};
const threads = number("threads", 2);

/** Kilobytes of a line of /proc/self/status, in MB: VmHWM is the most memory that was resident, mapped files included. */
const status = (name) => Number(/\d+/.exec(readFileSync("/proc/self/status", "utf8").split("\n").find((line) => line.startsWith(name)))[0]) / 1024;
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

/** Ids that a tokenizer would not give in this order, the same each time. */
function prompt(length, vocabulary) {
    let state = 12345;
    return Array.from({length}, () => {
        state = (Math.imul(state, 1103515245) + 12345) >>> 0;
        return 300 + state % (vocabulary - 300);
    });
}

async function likeliest(sequence, tokens, count) {
    const chosen = [];
    for await (const token of sequence.evaluate(tokens, {temperature: 0, yieldEogToken: true})) {
        chosen.push(token);
        if (chosen.length === count)
            break;
    }
    return chosen;
}

async function greedy(model, context) {
    const {prompts, count} = JSON.parse(readFileSync(0, "utf8"));
    const answers = [];
    const sequence = context.getSequence();
    for (const tokens of prompts) {
        answers.push(await likeliest(sequence, tokens, count));
        await sequence.clearHistory();
    }
    return {answers};
}

async function speed(model, context) {
    const sequence = context.getSequence();
    const tokens = prompt(number("prompt", 512), model.fileInfo.metadata.tokenizer.ggml.tokens.length);
    const [reading, decoding] = [[], []];
    for (let repeat = -1; repeat < number("repeats", 3); repeat++) {
        // The first round warms up: it pages the file in.
        await sequence.clearHistory();
        const began = performance.now();
        await sequence.evaluateWithoutGeneratingNewTokens(tokens.slice(0, -1));
        const read = performance.now();
        const chosen = await likeliest(sequence, tokens.slice(-1), number("decode", 128));
        const ended = performance.now();
        if (repeat >= 0) {
            reading.push((tokens.length - 1) / (read - began) * 1000);
            decoding.push(chosen.length / (ended - read) * 1000);
        }
    }
    return {promptTokensPerSecond: median(reading), decodeTokensPerSecond: median(decoding)};
}

const emptyMegabytes = status("VmRSS");
const llama = await getLlama({gpu: false, maxThreads: threads, build: "never", skipDownload: true, logLevel: "error"});
const model = await llama.loadModel({modelPath, useMmap: true});
const context = await model.createContext({contextSize: number("context", 1024), batchSize: 512, threads: {ideal: threads, min: threads}});
const result = await {greedy, speed}[command](model, context);
console.log(JSON.stringify({...result, emptyMegabytes, peakMegabytes: status("VmHWM"), features: llama.systemInfo.trim()}));
process.exit(0);
