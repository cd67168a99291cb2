"""Writes weights.json: networks with random weights in safetensors files, laid out as PyTorch's nn.Sequential lays
them out (0.weight, 0.bias, 2.weight, ...), with data and the loss that NumPy computes. Needs only NumPy.
Run it in this folder: python3 weights.py"""

import base64
import json
import struct

import numpy as np

types = {"F64": np.float64, "F32": np.float32, "F16": np.float16}


def safetensors(tensors, dtype):
    """The format of https://huggingface.co/docs/safetensors. Real files sort tensors by name."""
    header, data = {"__metadata__": {"format": "pt"}}, b""
    for name in sorted(tensors):
        if dtype == "BF16":  # The upper half of a number of 32 bits.
            raw = (tensors[name].astype("<f4").view("<u4") >> 16).astype("<u2").tobytes()
        else:
            raw = tensors[name].astype(types[dtype]).tobytes()
        header[name] = {"dtype": dtype, "shape": tensors[name].shape, "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + data


def stored(values, dtype):
    if dtype == "BF16":
        bits = values.astype("<f4").view("<u4") & np.uint32(0xFFFF0000)
        return bits.view("<f4").astype(np.float64)
    return values.astype(types[dtype]).astype(np.float64)


activations = {
    "tanh": np.tanh,
    "relu": lambda x: np.maximum(x, 0),
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
}


def forward(tensors, inputs, activation, output):
    value, layers = inputs, len(tensors) // 2
    for k in range(layers):
        value = value @ tensors[f"{2 * k}.weight"].T + tensors[f"{2 * k}.bias"]
        if k < layers - 1:
            value = activations[activation](value)
    if output == "softmax":
        value = np.exp(value - value.max(axis=1, keepdims=True))
        value /= value.sum(axis=1, keepdims=True)
    return value


rng = np.random.default_rng(20261201)
cases = []
for dtype, layers, activation, output in [
    ("F64", [4, 5, 3], "tanh", "softmax"),
    ("F32", [3, 6, 6, 2], "relu", "identity"),
    ("F16", [2, 4, 1], "sigmoid", "identity"),
    ("BF16", [2, 3, 3, 3, 2], "tanh", "softmax"),
    # Twelve layers: 10.weight comes after 2.weight.
    ("F64", [2] * 12, "tanh", "identity"),
    # More than 1,000 weights.
    ("F32", [8, 60, 12, 3], "relu", "softmax"),
]:
    tensors = {}
    for k in range(len(layers) - 1):
        tensors[f"{2 * k}.weight"] = rng.normal(size=(layers[k + 1], layers[k]))
        tensors[f"{2 * k}.bias"] = rng.normal(size=layers[k + 1])
    inputs = rng.normal(size=(7, layers[0]))
    if output == "softmax":
        targets = np.eye(layers[-1])[rng.integers(layers[-1], size=7)]
    else:
        targets = rng.normal(size=(7, layers[-1]))
    result = forward({name: stored(t, dtype) for name, t in tensors.items()}, inputs, activation, output)
    if output == "softmax":
        loss = -(targets * np.log(result)).sum(axis=1).mean()
    else:
        loss = ((result - targets) ** 2).mean()
    cases.append(
        {
            "dtype": dtype,
            "network": {"layers": layers, "activation": activation, "output": output},
            "inputs": inputs.tolist(),
            "targets": targets.tolist(),
            "loss": loss,
            "file": base64.b64encode(safetensors(tensors, dtype)).decode(),
        }
    )

with open("weights.json", "w") as out:
    json.dump(cases, out)
    out.write("\n")
