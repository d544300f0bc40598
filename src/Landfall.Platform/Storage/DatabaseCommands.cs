using System.Data.Common;

namespace Landfall.Platform.Storage;

/// <summary>What the databases' own command types offer, for all of them.</summary>
public static class DatabaseCommands
{
    public static DbCommand CreateCommand(this DbConnection connection, string sql)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        return command;
    }

    /// <summary>Adds a parameter, such as <c>@run</c>.</summary>
    public static DbCommand With(this DbCommand command, string name, object? value)
    {
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = (name, value ?? DBNull.Value);
        command.Parameters.Add(parameter);
        return command;
    }
}
