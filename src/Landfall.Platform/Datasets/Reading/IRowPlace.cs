namespace Landfall.Platform.Datasets.Reading;

/// <summary>Where in a file the present row stands, for messages.</summary>
internal interface IRowPlace
{
    /// <summary>What messages call the file.</summary>
    string File { get; }

    /// <summary>The 1-based line, or row of a sheet or table, on which the present row begins.</summary>
    long Line { get; }

    /// <summary>What is wrong with the present row.</summary>
    DataFormatException Error(string problem);
}
