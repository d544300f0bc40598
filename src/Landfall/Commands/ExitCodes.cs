namespace Landfall.Commands;

/// <summary>The exit codes of <c>landfall</c>. Scripts rely on them: a code keeps its meaning for ever.</summary>
public static class ExitCodes
{
    /// <summary>The command did what was asked. For <c>land</c>: a report is written, whatever its verdicts.</summary>
    public const int Ok = 0;

    /// <summary>A fault of ours. <c>--verbose</c> shows where.</summary>
    public const int Unexpected = 1;

    /// <summary>The command line or its input is wrong: an unknown option, a folder that is not there, a name that nothing has.</summary>
    public const int Usage = 2;

    /// <summary><c>land --require-met</c>: no release meets every target.</summary>
    public const int TargetsNotMet = 3;

    /// <summary>The brief has errors; all of them were printed.</summary>
    public const int BriefInvalid = 4;

    /// <summary>A data file cannot be read as rows.</summary>
    public const int DataInvalid = 5;

    /// <summary>The run ended with an error; <c>landfall runs resume</c> tries again.</summary>
    public const int RunFailed = 6;

    /// <summary>The run was cancelled by somebody; <c>landfall runs resume</c> goes on.</summary>
    public const int RunCancelled = 7;

    /// <summary>The server cannot be started or reached, its data folder or database is in use, its disk is full, its database is away, or it wants a token.</summary>
    public const int ServerTrouble = 8;

    /// <summary>The regression gate refused to replace a live release by a worse one (with <c>--require-met</c>, or from the API).</summary>
    public const int ReleaseHeldBack = 9;

    /// <summary>The landing is done, but its report files could not be written.</summary>
    public const int ReportNotWritten = 10;

    /// <summary>A model's files are damaged, or of a kind that is not read.</summary>
    public const int ModelInvalid = 11;

    /// <summary>Stopped by Ctrl-C or by a request to terminate.</summary>
    public const int Interrupted = 130;
}
