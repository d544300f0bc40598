using Landfall.Protocol.Briefs;

namespace Landfall.Platform.Briefs;

/// <summary>Starting points for the common kinds of app.</summary>
public static class BriefTemplates
{
    public static IReadOnlyList<BriefTemplate> All { get; } =
    [
        new("label", "Name what a message is about: intents, categories, routing.", """
            # Rows of the data files: {"text": "...", "label": "..."}, one per line.
            app: my-classifier
            scenario: Customers write one short message; the app names which of our intents it has.
            interaction: single-turn
            output:
              kind: label
            scope:
              in: [billing, delivery, returns]
              out:
                label: other                # the label that out-of-scope rows carry in the data
                reply: Sorry, I can only help with orders and bills.
            data:
              train: data/train.jsonl
              # validation: data/validation.jsonl   (a part of train when left out)
              test: data/test.jsonl
            targets:
              - { metric: in-scope-accuracy, at-least: 0.90 }
              - { metric: out-of-scope-recall, at-least: 0.80 }
              - { metric: latency-p95-ms, at-most: 50 }
            techniques: auto
            budget:
              time: 10m

            """),
        new("text", "Answer in free text: replies, summaries, rewriting.", """
            # Rows of the data files: {"text": "...", "answer": "..."}, one per line.
            app: my-writer
            scenario: A clerk pastes a customer's letter; the app summarises it in one sentence.
            interaction: single-turn
            output:
              kind: text
            data:
              train: data/train.jsonl
              test: data/test.jsonl
            targets:
              - { metric: rouge-l, at-least: 0.40 }
              - { metric: latency-p95-ms, at-most: 2000 }
            techniques: auto

            """),
        new("json", "Extract fields from a text as JSON of a given schema.", """
            # Rows of the data files: {"text": "...", "answer": "{\"total\": 12.5}"}, one per line.
            app: my-extractor
            scenario: A clerk pastes an invoice's text; the app returns its number and total as JSON.
            interaction: single-turn
            output:
              kind: json
              schema:                       # or the path of a .json file in this folder
                type: object
                required: [number, total]
                properties:
                  number: { type: string }
                  total: { type: number }
            data:
              train: data/train.jsonl
              test: data/test.jsonl
            targets:
              - { metric: json-validity, at-least: 0.98 }
              - { metric: exact-match, at-least: 0.80 }
            techniques: auto

            """),
        new("document-qa", "Answer questions from documents, with citations.", """
            # Rows of the data files: {"text": "the question", "answer": "..."}, one per line.
            app: my-handbook
            scenario: Staff ask questions about the handbook; the app answers from it and cites the place.
            interaction: document-qa
            output:
              kind: cited-answer
            scope:
              in: [leave, travel, expenses]
              out:
                label: not-in-handbook
                reply: The handbook does not say.
                examples:
                  - What is the weather tomorrow?
            data:
              train: data/train.jsonl
              test: data/test.jsonl
              knowledge: data/documents.jsonl
            targets:
              - { metric: token-f1, at-least: 0.60 }
            techniques: auto

            """),
        new("translation", "Translate short texts.", """
            # Rows of the data files: {"text": "...", "answer": "the translation"}, one per line.
            app: my-translator
            scenario: Product texts in Chinese are translated into English in the house's style.
            interaction: translation
            output:
              kind: text
            data:
              train: data/train.jsonl
              test: data/test.jsonl
            targets:
              - { metric: chrf, at-least: 55 }          # 0 to 100, as sacreBLEU reports it
            techniques: auto

            """),
        new("agent", "Work with tools over several turns.", """
            # Rows of the data files: {"text": "the task", "answer": "the outcome"}, one per line.
            app: my-agent
            scenario: A customer asks for a change to an order; the app looks it up, changes it and confirms.
            interaction: agent
            output:
              kind: text
            data:
              train: data/train.jsonl
              test: data/test.jsonl
            targets:
              - { metric: exact-match, at-least: 0.80 }
              - { metric: cost-per-1k-requests-usd, at-most: 20 }
            techniques: auto
            budget:
              time: 1h
              money: 5.00                   # US dollars

            """),
    ];
}
