using Spectre.Console;
using Spectre.Console.Rendering;

namespace Landfall.Commands;

/// <summary>Tables that fit 80 columns, and that say nothing by colour alone.</summary>
internal static class Tables
{
    /// <summary>A table without rows. A header that ends in <c>!</c> keeps its cells on one line; one that starts with <c>&gt;</c> aligns right.</summary>
    public static Table Create(IAnsiConsole console, params ReadOnlySpan<string> headers)
    {
        var table = new Table
        {
            // Lines and dashes need Unicode; what is redirected is read by other programs, too.
            Border = console.Profile.Capabilities is { Unicode: true, Ansi: true } ? TableBorder.Simple : TableBorder.Markdown,
        };
        foreach (var header in headers)
        {
            var column = new TableColumn(new Text(header.TrimStart('>').TrimEnd('!')));
            column.NoWrap = header.EndsWith('!');
            column.Alignment = header.StartsWith('>') ? Justify.Right : Justify.Left;
            table.AddColumn(column);
        }

        return table;
    }

    /// <summary>Adds a row of plain text: nothing in it is markup.</summary>
    public static Table Add(this Table table, params ReadOnlySpan<string> cells)
    {
        var row = new List<IRenderable>(cells.Length);
        foreach (var cell in cells)
        {
            row.Add(new Text(PlainText.Clean(cell)));
        }

        return table.AddRow(row);
    }
}
