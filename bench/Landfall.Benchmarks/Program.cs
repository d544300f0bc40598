using BenchmarkDotNet.Running;
using Landfall.Benchmarks;
using Landfall.Benchmarks.Inference;

return args.FirstOrDefault() switch
{
    "import" => await DatasetsImport.RunAsync(args),
    "near-duplicates" => DatasetsNearDuplicates.Run(args),
    "cleaning" => await DatasetsCleaning.RunAsync(args),
    "classifiers" => BenchmarkRunner.Run<ClassifierBenchmarks>(args: args[1..]) is null ? 1 : 0,
    "judge-coverage" => JudgeCoverage.Run(args),
    "search" => SearchHalving.Run(args),
    "kernels" => KernelSpeed.Run(args),
    "kernel-benchmarks" => BenchmarkRunner.Run<KernelBenchmarks>(args: args[1..]) is null ? 1 : 0,
    "inference-models" => InferenceModels.Run(args),
    "inference" => InferenceComparison.Run(args),
    "inference-run" => await InferenceRun.RunAsync(args),
    "edge-start" => EdgeStart.Run(args),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("""
        usage: dotnet run -c Release --project bench/Landfall.Benchmarks -- <name> [options]

          import           --rows 1000000 [--seed 1]   import of JSON lines of about 500 bytes: MB/s, peak memory
          near-duplicates  --rows 100000 [--seed 1]    MinHash against exact Jaccard at 0.8: seconds, recall, precision
          judge-coverage   [--simulations 4000]        how often a judge's corrected interval covers the truth, over a grid
          cleaning         [--seed 1] [--seeds 1]      planted dirt in the helpdesk example and CLINC150: precision, recall
          search           [--data FOLDER] [--trials 30] [--seeds 5]   asha against random for linear on CLINC150
          classifiers      [--job short]               one answer and one training of nearest and linear (BenchmarkDotNet)
          kernels          [--megabytes 256] [--rounds 10] [--threads n] [--type Q8_0]   products in GB/s beside a sweep, and GFLOPS
          kernel-benchmarks [--job short]              products and attention (BenchmarkDotNet)
          inference-models --out FOLDER [--largest 1.1b]   writes the models of random weights that 'inference' runs
          inference        --models FOLDER [--peer bench/peers/inference] [--only 60m]   Landfall against llama.cpp, in turn
          edge-start       --edge FILE --model FILE    size of landfall-edge, and time to its first output
        """);
    return 2;
}
