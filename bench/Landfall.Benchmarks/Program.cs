Console.WriteLine("Landfall.Benchmarks");
