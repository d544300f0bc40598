using System.Text.Json;
using Landfall.Platform.Datasets.Reading.Json;

namespace Landfall.Platform.Datasets.Exporting;

/// <summary><c>{"text","label",...}</c>, a line each.</summary>
internal sealed class PlainWriter : IRowWriter
{
    public string Name => "jsonl";

    public IJsonShape? Shape => null;

    public string? WhyNot(Row row) => null;

    public void Write(Utf8JsonWriter json, Row row)
    {
        json.WriteStartObject();
        json.WriteString("text", row.Text);
        json.WriteString("label", row.Expected);
        RowParts.WriteOthers(json, row, "text", "label");
        json.WriteEndObject();
    }
}
