using Landfall.Edge;

using var interrupt = new Interrupt();
return await EdgeCommandLine.RunAsync(args, Console.In, Console.Out, Console.Error, interrupt);
