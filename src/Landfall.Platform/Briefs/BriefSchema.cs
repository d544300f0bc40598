namespace Landfall.Platform.Briefs;

/// <summary>The JSON schema (2020-12) of <c>brief.yaml</c>, for editors.</summary>
public static class BriefSchema
{
    public const string Text = """
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "title": "Landfall brief",
          "description": "What an app is expected to do, and how that is measured.",
          "type": "object",
          "additionalProperties": false,
          "required": ["app", "scenario", "interaction", "output", "data", "targets"],
          "properties": {
            "app": {
              "description": "The app's name: lower-case letters, digits and hyphens. It is the model's name in /v1.",
              "type": "string",
              "pattern": "^[a-z0-9][a-z0-9-]{0,63}$"
            },
            "scenario": {
              "description": "A sentence or two: who writes what, and what the app answers.",
              "type": "string",
              "minLength": 1
            },
            "interaction": {
              "description": "How users and the app talk.",
              "enum": ["single-turn", "multi-turn", "document-qa", "translation", "agent"]
            },
            "output": {
              "type": "object",
              "additionalProperties": false,
              "required": ["kind"],
              "properties": {
                "kind": {
                  "description": "What the app answers with.",
                  "enum": ["text", "label", "json", "cited-answer"]
                },
                "schema": {
                  "description": "With kind json: the JSON schema of the answer, or the path of a .json file in the brief's folder.",
                  "oneOf": [{ "type": "object" }, { "type": "string", "pattern": "\\.[jJ][sS][oO][nN]$" }]
                }
              }
            },
            "scope": {
              "description": "What belongs to the app's task, and what does not.",
              "type": "object",
              "additionalProperties": false,
              "properties": {
                "in": { "description": "Topics of the app.", "type": "array", "items": { "type": "string" } },
                "out": {
                  "description": "Messages that the app must recognise as not its own.",
                  "type": "object",
                  "additionalProperties": false,
                  "required": ["label"],
                  "properties": {
                    "label": { "description": "The label that such rows carry in the data.", "type": "string", "minLength": 1 },
                    "reply": { "description": "What the app says to them; the label itself when left out.", "type": "string", "minLength": 1 },
                    "examples": { "description": "Such messages; they are added to train.", "type": "array", "items": { "type": "string" } }
                  }
                }
              }
            },
            "data": {
              "description": "Data files, by paths relative to the brief's folder.",
              "type": "object",
              "additionalProperties": false,
              "required": ["train", "test"],
              "properties": {
                "train": { "description": "Rows that candidates learn from.", "type": "string", "minLength": 1 },
                "validation": { "description": "Rows that settings are chosen on; a part of train when left out.", "type": "string", "minLength": 1 },
                "test": { "description": "Rows that targets are measured on; in no other file.", "type": "string", "minLength": 1 },
                "knowledge": { "description": "Documents that answers rest on.", "type": "string", "minLength": 1 }
              }
            },
            "targets": {
              "description": "What counts as done.",
              "type": "array",
              "minItems": 1,
              "items": {
                "type": "object",
                "additionalProperties": false,
                "required": ["metric"],
                "oneOf": [{ "required": ["at-least"] }, { "required": ["at-most"] }],
                "properties": {
                  "metric": { "description": "The metric's name, such as accuracy.", "type": "string", "minLength": 1 },
                  "on": {
                    "description": "A slice: the test rows whose field has the value, as { language: zh } or language=zh.",
                    "oneOf": [
                      { "type": "object", "minProperties": 1, "maxProperties": 1, "additionalProperties": { "type": ["string", "number", "boolean"] } },
                      { "type": "string", "pattern": "^(test|[^=]+=.+)$" }
                    ]
                  },
                  "at-least": { "description": "The value must be at least this. Rates are fractions: 0.9.", "type": "number" },
                  "at-most": { "description": "The value must be at most this.", "type": "number" },
                  "confidence": {
                    "description": "The confidence with which it must hold.",
                    "type": "number",
                    "exclusiveMinimum": 0.5,
                    "exclusiveMaximum": 1,
                    "default": 0.95
                  }
                }
              }
            },
            "techniques": {
              "description": "The techniques to try: auto for all that fit, or a list of names, each with settings where needed.",
              "oneOf": [
                { "const": "auto" },
                {
                  "type": "array",
                  "minItems": 1,
                  "items": {
                    "oneOf": [
                      { "type": "string" },
                      {
                        "type": "object",
                        "minProperties": 1,
                        "maxProperties": 1,
                        "additionalProperties": {
                          "type": ["object", "null"],
                          "additionalProperties": { "type": ["string", "number", "boolean"] }
                        }
                      }
                    ]
                  }
                }
              ],
              "default": "auto"
            },
            "budget": {
              "description": "What a landing may spend.",
              "type": "object",
              "additionalProperties": false,
              "properties": {
                "time": {
                  "description": "Wall time: 90s, 10m, 1h30m.",
                  "type": "string",
                  "pattern": "^(?=[0-9])([0-9]+(\\.[0-9]+)?h)?([0-9]+(\\.[0-9]+)?m)?([0-9]+(\\.[0-9]+)?s)?$",
                  "default": "10m"
                },
                "money": { "description": "US dollars.", "type": "number", "minimum": 0 }
              }
            },
            "judges": {
              "description": "Language models that judge answers by a rubric; each is the metric judge:NAME.",
              "type": "array",
              "maxItems": 20,
              "items": {
                "type": "object",
                "additionalProperties": false,
                "required": ["name"],
                "oneOf": [{ "required": ["rubric"] }, { "required": ["rubric-file"] }],
                "properties": {
                  "name": { "description": "The judge's name; its metric is judge:NAME.", "type": "string", "pattern": "^[a-z0-9][a-z0-9-]{0,39}$" },
                  "rubric": { "description": "What a good answer is.", "type": "string", "minLength": 1 },
                  "rubric-file": { "description": "A text file that says it, relative to the brief's folder.", "type": "string", "minLength": 1 },
                  "scale": { "description": "What it says of an answer.", "enum": ["pass-fail", "one-to-five", "pairwise"], "default": "pass-fail" },
                  "endpoints": {
                    "description": "Whom to ask; the default endpoint when left out. Several are a panel.",
                    "oneOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" } }]
                  },
                  "votes": { "description": "How often each is asked about an answer.", "type": "integer", "minimum": 1, "maximum": 9, "default": 1 },
                  "calibration": { "description": "Answers with human labels: rows with the fields text, answer and human.", "type": "string", "minLength": 1 }
                }
              }
            },
            "repeats": {
              "description": "Ask each test row several times, for the metric pass-hat-k: a number, or k of how many.",
              "oneOf": [
                { "type": "integer", "minimum": 1, "maximum": 100 },
                {
                  "type": "object",
                  "additionalProperties": false,
                  "required": ["k"],
                  "properties": {
                    "k": { "description": "How many answers must all be right.", "type": "integer", "minimum": 1, "maximum": 100 },
                    "of": { "description": "How often each row is asked; k when left out.", "type": "integer", "minimum": 1, "maximum": 100 },
                    "by": { "description": "The metric that says what right is; accuracy for labels, else exact-match.", "type": "string", "minLength": 1 }
                  }
                }
              ]
            },
            "conversations": {
              "description": "Talk each test row through with a simulated user; interaction multi-turn.",
              "type": "object",
              "additionalProperties": false,
              "properties": {
                "simulator": { "description": "scripted (the row's script), or the endpoint that plays the user.", "type": "string", "default": "scripted" },
                "max-turns": { "description": "The app's messages at most.", "type": "integer", "minimum": 1, "maximum": 100, "default": 8 },
                "check": { "description": "How the goal is checked: contains, regex, json, or judge:NAME.", "type": "string", "default": "contains" },
                "seed": { "description": "Seeds what the simulated user says.", "type": "integer", "minimum": 0, "default": 1 }
              }
            },
            "search": {
              "description": "What landfall search tries: one search for a technique's settings, or a list of them.",
              "oneOf": [
                { "$ref": "#/$defs/search" },
                { "type": "array", "minItems": 1, "maxItems": 20, "items": { "$ref": "#/$defs/search" } }
              ]
            }
          },
          "$defs": {
            "search": {
              "type": "object",
              "additionalProperties": false,
              "required": ["technique"],
              "properties": {
                "technique": { "description": "The technique whose settings are searched for.", "type": "string", "minLength": 1 },
                "trials": { "description": "How many combinations of settings to try.", "type": "integer", "minimum": 1, "maximum": 1000, "default": 30 },
                "method": { "description": "How to choose what to try next.", "enum": ["tpe", "random", "asha", "asha-tpe"], "default": "tpe" },
                "metric": { "description": "What to search by; the first metric of quality among the targets when left out.", "type": "string", "minLength": 1 },
                "seed": { "description": "Another seed, another search.", "type": "integer", "minimum": 0, "default": 1 },
                "time": {
                  "description": "No trial begins after so long: 90s, 10m, 1h30m.",
                  "type": "string",
                  "pattern": "^(?=[0-9])([0-9]+(\\.[0-9]+)?h)?([0-9]+(\\.[0-9]+)?m)?([0-9]+(\\.[0-9]+)?s)?$"
                },
                "settings": {
                  "description": "By setting: one value, a list of values, or a range. The technique's own ranges when left out.",
                  "type": "object",
                  "minProperties": 1,
                  "maxProperties": 20,
                  "additionalProperties": {
                    "oneOf": [
                      { "type": ["string", "number", "boolean"] },
                      { "type": "array", "minItems": 1, "maxItems": 50, "uniqueItems": true, "items": { "type": ["string", "number", "boolean"] } },
                      { "$ref": "#/$defs/range" }
                    ]
                  }
                }
              }
            },
            "range": {
              "type": "object",
              "additionalProperties": false,
              "required": ["from", "to"],
              "properties": {
                "from": { "description": "The least value.", "type": "number" },
                "to": { "description": "The greatest value.", "type": "number" },
                "scale": { "description": "log: equal factors are equally far apart.", "enum": ["linear", "log"], "default": "linear" },
                "whole": { "description": "Whole numbers only.", "type": "boolean", "default": false }
              }
            }
          }
        }

        """;
}
