namespace Landfall.Console.Localization;

/// <summary>Names the console's texts: <c>Texts.resx</c> (English) and <c>Texts.zh-Hans.resx</c> (Simplified Chinese).</summary>
public sealed class Texts;
