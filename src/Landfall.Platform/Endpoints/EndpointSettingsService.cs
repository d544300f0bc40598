using Landfall.Protocol.Endpoints;

namespace Landfall.Platform.Endpoints;

/// <summary>Changes the endpoints in the settings file.</summary>
internal sealed class EndpointSettingsService(EndpointFile file)
{
    private readonly Lock _gate = new();

    /// <summary>Why these settings are refused, or null.</summary>
    public string? WhyRefused(string name, EndpointSettings settings)
    {
        var why = EndpointChecks.WhyNoName(name)
            ?? (EndpointChecks.TryAddress(settings.Address, out _, out var problem) ? null : problem)
            ?? EndpointChecks.WhyNoPrice(settings.InputPrice) ?? EndpointChecks.WhyNoPrice(settings.OutputPrice)
            ?? EndpointChecks.WhyNoTimeout(settings.TimeoutSeconds) ?? EndpointChecks.WhyNoParallel(settings.MaxParallel);
        if (why is not null)
        {
            return why;
        }

        if (string.IsNullOrWhiteSpace(settings.Model))
        {
            return "'model' is empty: name the model to ask for.";
        }

        return settings is { Key: not null, KeyVariable: not null } ? "Give the key, or the environment variable that holds it, and not both." : null;
    }

    public void Put(string name, EndpointSettings settings)
    {
        lock (_gate)
        {
            var all = file.Read();
            var before = all.FirstOrDefault(e => e.Name == name);

            // A key belongs to an address: one that was given for another is not sent to a new one.
            var kept = settings.KeyVariable is null && before?.Address == settings.Address ? before.ProtectedKey : null;
            var stored = new StoredEndpoint(
                name, settings.Address, settings.Model.Trim(), settings.KeyVariable, settings.Key is { Length: > 0 } key ? file.Protect(key) : kept,
                settings.InputPrice, settings.OutputPrice, settings.TimeoutSeconds, settings.MaxParallel);
            file.Write([.. all.Where(e => e.Name != name), stored]);
        }
    }

    /// <summary>Removes one; false when it is not in the file.</summary>
    public bool Remove(string name)
    {
        lock (_gate)
        {
            var all = file.Read();
            if (all.All(e => e.Name != name))
            {
                return false;
            }

            file.Write([.. all.Where(e => e.Name != name)]);
            return true;
        }
    }
}
