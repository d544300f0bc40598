using CsCheck;
using Landfall.Console.Apps;
using Microsoft.AspNetCore.WebUtilities;

namespace Landfall.Console.Tests.Apps;

public sealed class ExampleQueryTests
{
    private static readonly string[] Candidates = ["nearest", "linear (C=1)"];

    [Fact]
    public void Href_ReadBack_GivesTheSameSelection() =>
        Gen.Select(Gen.OneOf(Candidates), Gen.OneOf("all", "wrong", "right"), Gen.OneOf(Gen.Const((string?)null), Gen.String[1, 20]!), Gen.Int[1, 1000]).Sample((candidate, filter, label, page) =>
        {
            var text = label is null ? null : string.Concat(label.EnumerateRunes());
            var query = new ExampleQuery { Candidate = candidate, Filter = filter, Expected = text, Got = text, Page = page };

            var href = query.Href("a b/c");
            var parts = QueryHelpers.ParseQuery(href.Split('#')[0].Split('?', 2)[1]);

            Assert.StartsWith("apps/a%20b%2Fc?", href);
            Assert.Equal(query, ExampleQuery.Parse(parts["candidate"], (string?)parts.GetValueOrDefault("filter"), parts.GetValueOrDefault("expected"), parts.GetValueOrDefault("got"), parts.TryGetValue("page", out var number) ? int.Parse(number!) : null, Candidates, "nearest"));
        });

    [Theory]
    [InlineData("gone", "everything", -4)]
    [InlineData(null, null, null)]
    public void Parse_WhatMakesNoSense_GivesTheFirstPageOfAll(string? candidate, string? filter, int? page) =>
        Assert.Equal(new ExampleQuery { Candidate = "nearest" }, ExampleQuery.Parse(candidate, filter, "", "", page, Candidates, "nearest"));
}
