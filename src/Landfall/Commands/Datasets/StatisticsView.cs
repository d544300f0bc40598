using System.Globalization;
using Landfall.Protocol.Datasets;

namespace Landfall.Commands.Datasets;

/// <summary>Statistics of a dataset version in the terminal.</summary>
internal static class StatisticsView
{
    public static void Show(CommandContext context, DatasetStatistics statistics)
    {
        context.Say($"{statistics.Rows} rows" + (statistics.SampledRows < statistics.Rows ? $"; languages, lengths and words from {statistics.SampledRows} of them, evenly spread" : ""));
        context.Say($"Exact duplicates: {statistics.ExactDuplicates}; rows in groups of near duplicates: {statistics.NearDuplicates}; rows with personal data: {statistics.PersonalDataRows}");
        context.Say("Languages: " + string.Join(", ", statistics.Languages.Select(l => $"{l.Name} {l.Rows}")));
        foreach (var length in statistics.TextLengths)
        {
            context.Say($"Text in {length.Unit}: {length.Least} to {length.Most}, median {length.Median}, 95% up to {length.P95}");
        }

        if (statistics.Labels.Count > 0)
        {
            var table = Tables.Create(context.People, "label", ">rows!", "typical words");
            foreach (var label in statistics.Labels)
            {
                table.Add(PlainText.Cell(label.Label, 40), Figures.Count(label.Rows), PlainText.Cell(string.Join(", ", label.Words.Select(w => w.Word)), 80));
            }

            context.Show(table);
            context.Say(string.Create(CultureInfo.InvariantCulture, $"Balance of the labels: {statistics.Balance:0.000} (1: all equally frequent)"));
        }

        if (statistics.Fields.Count > 0)
        {
            var table = Tables.Create(context.People, "field", ">missing!", ">different!", "commonest");
            foreach (var field in statistics.Fields)
            {
                table.Add(field.Name, Figures.Count(field.Missing), Figures.Count(field.Distinct) + (field.DistinctIsLeast ? "+" : ""), PlainText.Cell(string.Join(", ", field.Commonest.Select(v => $"{v.Name} ({v.Rows})")), 80));
            }

            context.Show(table);
        }
    }
}
