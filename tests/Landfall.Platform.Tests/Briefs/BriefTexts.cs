namespace Landfall.Platform.Tests.Briefs;

internal static class BriefTexts
{
    /// <summary>The smallest brief that must work, as the product's description has it.</summary>
    public const string Minimal = """
        app: banking77
        scenario: Customers of a bank write one short message; the app names which of 77 intents it has.
        interaction: single-turn
        output:
          kind: label
        data:
          train: data/train.jsonl
          test: data/test.jsonl
        targets:
          - { metric: accuracy, at-least: 0.90, confidence: 0.95 }
        techniques: auto
        """;

    /// <summary>A brief that uses every key.</summary>
    public const string Full = """
        app: help-desk-2
        scenario: >
          Customers of an internet provider
          write a message.
        interaction: multi-turn
        output: { kind: label }
        scope:
          in: [billing, "line faults"]
          out:
            label: other
            reply: I cannot help with this.
            examples:
              - Who won the match?
              - 今天天气怎么样？
        data:
          train: data/train-oos.jsonl
          validation: ./data/few-labels.jsonl
          test: data/test-oos.jsonl
          knowledge: data/train.jsonl
        targets:
          - { metric: in-scope-accuracy, at-least: 0.90 }
          - metric: accuracy
            on: { language: en }
            at-least: 0.8
            confidence: 0.9
          - { metric: macro-f1, on: language=en, at-least: 0.5 }
          - { metric: latency-p95-ms, at-most: 50 }
        techniques:
          - nearest
          - linear: { threshold: none, epochs: 5 }
        budget: { time: 1h30m, money: 5.00 }
        search:
          technique: linear
          trials: 12
          method: asha
          metric: in-scope-accuracy
          seed: 7
          time: 20m
          settings:
            threshold: [auto, none, 0.5]
            epochs: { from: 1, to: 8, whole: true, scale: log }
        """;
}
