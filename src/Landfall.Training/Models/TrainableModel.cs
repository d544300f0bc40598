using Landfall.Inference;
using Landfall.Inference.Formats;
using Landfall.Inference.Models;
using Landfall.Inference.Tensors;
using Landfall.Protocol.Errors;
using Landfall.Protocol.Training;
using Landfall.Training.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Landfall.Training.Models;

/// <summary>Makes models that can be trained.</summary>
public static class TrainableModel
{
    /// <summary>Opens a base and prepares it for a method. Each matrix is read by itself into libtorch's memory.</summary>
    /// <param name="folder">The base: a Hugging Face folder.</param>
    /// <param name="method">What is trained of it.</param>
    /// <param name="settings">The method's settings.</param>
    /// <param name="labels">Labels of a classification head; 0: the model learns to write.</param>
    /// <param name="device">Where it computes.</param>
    /// <param name="seed">For what begins at random.</param>
    /// <param name="precision">The numbers of matrix products.</param>
    /// <exception cref="ModelFormatException">The base is missing, damaged, or no decoder.</exception>
    /// <exception cref="TrainingException">A setting is out of its range, or libtorch does not load.</exception>
    public static TrainableDecoder Open(string folder, TuningMethod method, TuningSettings settings, int labels, Device device, int seed, TrainingPrecision precision)
    {
        LibTorch.Load();
        using var files = OpenBase(folder);
        using var gradients = no_grad();
        var lora = method is TuningMethod.Lora or TuningMethod.Qlora ? new LoraTuning(settings, folder, seed, device) : null;
        var product = precision == TrainingPrecision.Bf16 ? ScalarType.BFloat16 : ScalarType.Float32;
        var held = method switch
        {
            TuningMethod.Full => ScalarType.Float32,
            TuningMethod.Qlora => ScalarType.BFloat16,
            _ => product,
        };
        var source = new StoredWeights(files, held, method == TuningMethod.Qlora, device);
        var decoder = new DecoderBuilder(files.Config, source, lora).Build(product);
        Adaptation adaptation = method switch
        {
            TuningMethod.Full => new FullTuning(files.Config, source.Taken, files.Decoder!.Layers[0].Query.Weight.Type, folder),
            TuningMethod.Prefix => new PrefixTuning(settings, decoder, folder, seed),
            TuningMethod.Prompt => new PromptTuning(settings, decoder, folder, seed),
            _ => lora!,
        };
        return new TrainableDecoder(decoder, adaptation, labels > 0 ? new ClassificationHead(labels, files.Config.HiddenSize, seed, device) : null);
    }

    /// <summary>A model with random weights, to be trained from the beginning.</summary>
    /// <param name="config">Its shape.</param>
    /// <param name="seed">The same seed gives the same weights.</param>
    /// <param name="device">Where it computes.</param>
    /// <param name="precision">The numbers of matrix products.</param>
    /// <param name="saved">The type that matrices are written in.</param>
    /// <exception cref="TrainingException">libtorch does not load.</exception>
    public static TrainableDecoder Create(ModelConfig config, int seed, Device? device = null, TrainingPrecision precision = TrainingPrecision.F32, TensorType saved = TensorType.BF16)
    {
        LibTorch.Load();
        using var gradients = no_grad();
        using var source = new RandomWeights(config, seed, device ?? CPU);
        var decoder = new DecoderBuilder(config, source).Build(precision == TrainingPrecision.Bf16 ? ScalarType.BFloat16 : ScalarType.Float32);
        return new TrainableDecoder(decoder, new FullTuning(config, source.Taken, saved, source: null), head: null);
    }

    /// <summary>The device that a training is to use.</summary>
    /// <exception cref="TrainingException">A GPU is asked for, and none is usable.</exception>
    public static Device DeviceFor(TrainingDevice choice)
    {
        LibTorch.Load();
        var usable = choice != TrainingDevice.Cpu && cuda.is_available();
        return usable ? CUDA
            : choice != TrainingDevice.Cuda ? CPU
            : throw new TrainingException(ErrorCodes.TrainingUnavailable, "No NVIDIA GPU is usable: the driver is missing, or this build has libtorch for the processor only; build with '-p:LibTorch=libtorch-cuda-12.8-linux-x64', or choose the device 'cpu'.");
    }

    private static ModelFiles OpenBase(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new ModelFormatException(folder, File.Exists(folder)
                ? "a base to train is a Hugging Face folder (config.json and model.safetensors), not a file; a GGUF file can be written as one with 'landfall model export --format huggingface'."
                : "there is no such folder; a base to train is a Hugging Face folder (config.json and model.safetensors).");
        }

        var files = ModelFiles.Open(folder);
        if (files.Decoder is not null && files.HasOutput)
        {
            return files;
        }

        files.Dispose();
        throw new ModelFormatException(folder, files.Decoder is null ? "the model is an encoder, which makes no text; only decoders are trained." : "the model has no output projection (lm_head), so it writes no text and is not trained.");
    }
}
