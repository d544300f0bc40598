using System.Globalization;
using Landfall.Commands;
using Landfall.Hosting;

// Figures and dates look the same on every machine; the console's pages choose their own language.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
return await LandfallCommandLine.RunAsync(new CommandHost(), args);
